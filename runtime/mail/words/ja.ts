import type { Words } from './words.ts'

export const ja: Words = {
  verifyEmail: {
    subject: (brand) => `${brand}: メールアドレスをご確認ください`,
    heading: 'メールアドレスの確認',
    lead: (brand, provider) =>
      `${provider} で ${brand} にサインインしようとしています。このメールアドレスがご本人のものであることを確認してください。`,
    action: 'メールアドレスを確認する',
    ignore: (brand) =>
      `${brand} へのサインインに心当たりがない場合は、リンクを開かないでください。開かない限り、何も行われません。`,
  },
  invitation: {
    subject: (brand) => `${brand} への招待`,
    heading: (brand) => `${brand} に招待されました`,
    lead: (brand) => `${brand} にアカウントが用意されています。招待を承諾して、サインイン方法を選んでください。`,
    leadBy: (brand, invitedBy) =>
      `${invitedBy} さんから ${brand} に招待されました。招待を承諾して、サインイン方法を選んでください。`,
    action: '招待を承諾する',
    ignore: 'この招待に心当たりがない場合は、このメールを無視してください。',
  },
  passwordReset: {
    subject: (brand) => `${brand}: パスワードの再設定`,
    heading: 'パスワードの再設定',
    lead: (brand) => `${brand} のアカウントについて、新しいパスワードの設定が申請されました。`,
    action: '新しいパスワードを設定する',
    ignore: '心当たりがない場合は、このメールを無視してください。パスワードは変更されません。',
  },
  securityNotice: {
    changes: {
      password_set: {
        subject: 'パスワードが設定されました',
        happened: (brand) => `${brand} のアカウントに新しいパスワードが設定されました。`,
      },
      password_removed: {
        subject: 'パスワードが削除されました',
        happened: (brand) =>
          `${brand} のアカウントのパスワードが削除されました。このパスワードではサインインできなくなりました。`,
      },
      email_changed: {
        subject: 'メールアドレスが変更されました',
        happened: (brand) => `${brand} のアカウントのメールアドレスが変更されました。`,
      },
      break_glass_used: {
        subject: '緊急用サインインが使用されました',
        happened: (brand) => `管理者用の緊急サインインで ${brand} へのサインインが行われました。`,
      },
      sessions_ended: {
        subject: 'セッションが終了しました',
        happened: (brand) => `${brand} のアカウントのセッションがサインアウトされました。`,
      },
      passkey_added: {
        subject: 'パスキーが追加されました',
        happened: (brand, name) => `${brand} のアカウントにパスキー「${name}」が追加されました。`,
      },
      passkey_removed: {
        subject: 'パスキーが削除されました',
        happened: (brand, name) => `${brand} のアカウントからパスキー「${name}」が削除されました。`,
      },
      identity_linked: {
        subject: 'サインイン方法が連携されました',
        happened: (brand, name) => `${brand} のアカウントに ${name} が連携されました。${name} でサインインできます。`,
      },
      identity_unlinked: {
        subject: 'サインイン方法の連携が解除されました',
        happened: (brand, name) => `${brand} のアカウントと ${name} の連携が解除されました。`,
      },
    },
    when: '日時',
    from: 'ネットワークアドレス',
    action: 'アカウントを確認する',
    notYou:
      '心当たりがない場合は、すぐにアカウントを確認してください。ほかのセッションをサインアウトし、サインイン方法を変更してください。',
  },
  expires: (time) => `リンクは ${time} まで、1 回だけ有効です。`,
  elsewhere: 'ボタンが使えない場合は、次のアドレスを開いてください。',
  foot: (brand) => `このメールは ${brand} から自動送信されています。返信いただいても確認されません。`,
}
