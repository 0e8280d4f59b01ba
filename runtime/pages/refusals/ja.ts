import type { RefusalWords } from './words.ts'

const KEEPS_COOKIES =
  'このブラウザーが Cookie をブロックしているか、保存していません。このサイトの Cookie を許可するか、別のブラウザーまたはプロファイルをお使いください。'
const CLOCK = 'この端末の時計が合っていません。時刻を自動で設定してください。'
const ONE_MINUTE = '1 分ほどしてから、もう一度お試しください。'
const TELL = 'もう一度お試しください。解決しない場合は、管理者にお知らせください。'

export const ja: RefusalWords = {
  expected: '想定された方',
  signedIn: 'サインインした方',
  domains: '利用できるドメイン',
  retry: 'もう一度試す',
  signIn: 'サインイン',
  openPage: 'ページを開く',
  openApp: 'アプリを開く',
  texts: {
    request_malformed: { title: 'リクエストが正しくありません', message: '前のページに戻り、もう一度お試しください。' },
    host_unknown: {
      title: 'このアドレスには何もありません',
      message: 'アドレスをご確認ください。正しい場合は、ここに設定されていません。',
    },
    not_found: { title: 'ページが見つかりません', message: 'アドレスをご確認ください。' },
    origin_mismatch: {
      title: '別のサイトから送信されました',
      message: 'ページを直接開き、そこからもう一度お試しください。',
    },
    sign_in_required: {
      title: 'サインインしてください',
      message:
        'サインインしていないか、セッションが終了しています。アプリには何も送信されていません。サインインしてから、もう一度送信してください。',
    },
    access_denied: { title: 'アクセス権がありません', message: '管理者に追加を依頼してください。' },
    sign_in_expired: {
      title: 'このサインインはもう有効ではありません',
      message: '時間がかかりすぎたか、別のタブで完了しています。最初からやり直してください。',
    },
    sign_in_loop: {
      title: 'サインインの画面に何度も戻されています',
      message:
        'サインイン済みですが、アプリのアドレスが毎回サインインを求めるため、処理を停止しました。主な原因は次のいずれかです。',
      causes: [
        KEEPS_COOKIES,
        CLOCK,
        'アプリ自体が、再びサインインを求めるアドレスへ転送しています。管理者にお知らせください。',
      ],
    },
    cookies_blocked: {
      title: 'Cookie を確認できませんでした',
      message:
        'サインインには Cookie が必要ですが、お使いのブラウザーから届きませんでした。主な原因は次のいずれかです。',
      causes: [
        KEEPS_COOKIES,
        '別のブラウザーまたはプライベートウィンドウで始めています。このブラウザーで最初からやり直してください。',
        'サインインの有効期限が過ぎています。最初からやり直してください。',
      ],
    },
    provider_unreachable: { title: 'サインインサービスが応答しません', message: ONE_MINUTE },
    provider_refused: {
      title: 'サインインできませんでした',
      message: 'サインインサービスで許可されなかったか、キャンセルされました。',
    },
    provider_answer_invalid: { title: 'サインインを検証できませんでした', message: TELL },
    client_refused: {
      title: 'サインインサービスにこのサイトが認識されません',
      message: 'このサイトの資格情報が受け付けられませんでした。ご自身では解決できないため、管理者にお知らせください。',
    },
    clock_skew: {
      title: '時計がずれています',
      message: `サインインサービスとこのサイトの時計の差が大きく、安全にサインインできません。${TELL}`,
    },
    groups_incomplete: {
      title: '所属グループをすべて読み取れませんでした',
      message:
        'サインインサービスが一部のグループを省略したため、開いてよいものを判断できません。管理者にお知らせください。',
    },
    step_up_failed: {
      title: 'このアプリにはより強力なサインインが必要です',
      message:
        'サインインサービスで再確認が行われなかったか、このアプリに必要な方法ではありませんでした。もう一度お試しになり、表示される方法で確認してください。解決しない場合は、管理者にお知らせください。',
    },
    not_provisioned: {
      title: 'ここにはまだアカウントがありません',
      message:
        'サインインは正しく行われましたが、この方法は、すでにアカウントをお持ちの方のみご利用いただけます。管理者にアカウントの作成を依頼してください。',
    },
    email_refused: {
      title: 'このメールアドレスはご利用いただけません',
      message:
        'この方法でサインインできるのは特定の組織のアドレスのみで、お使いのアドレスは含まれていません。勤務先のアカウントでサインインするか、管理者にお問い合わせください。',
    },
    email_unverified: {
      title: 'メールアドレスが確認されていません',
      message:
        'このアドレスがご本人のものであることを、サインインサービスが示していません。そちらで確認してから、もう一度サインインしてください。できない場合は、管理者にお問い合わせください。',
    },
    account_exists: {
      title: 'すでにアカウントをお持ちです',
      message:
        'このメールアドレスのアカウントがあり、別の方法でサインインするようになっています。これまでと同じ方法でサインインしてください。何も変更されていません。',
    },
    account_suspended: {
      title: 'アカウントは停止されています',
      message: '現在サインインできません。管理者にお問い合わせください。',
    },
    identity_in_use: {
      title: 'このアカウントはすでに接続されています',
      message: 'ほかの方のものとして登録されているため、お使いのアカウントには接続できません。何も変更されていません。',
    },
    other_person: {
      title: '別の方としてサインインしました',
      message: '想定された方とは別の方がサインインしました。正しいアカウントで、もう一度サインインしてください。',
    },
    credentials_invalid: {
      title: '一致しませんでした',
      message: 'メールアドレス、パスワード、またはパスキーが正しくありません。ご確認のうえ、もう一度お試しください。',
    },
    link_invalid: {
      title: 'このリンクは使えなくなりました',
      message:
        'すでに使われたか、期限が切れたか、別のブラウザー用のリンクです。リンクを受け取ったところで、新しいものを請求してください。',
    },
    recent_sign_in_required: {
      title: 'ご本人であることを確認してください',
      message: 'この操作には、直近のサインインが必要です。もう一度サインインすると、続けられます。',
    },
    busy: { title: '現在混み合っています', message: '何も変更されていません。数秒後に、もう一度お試しください。' },
    hand_over_invalid: {
      title: 'このリンクは使用済みです',
      message: 'リンクは、要求したブラウザーで、すぐに、一度だけ使えます。アプリをもう一度開いてください。',
    },
    kept_body_gone: {
      title: '送信された内容は、もう保管されていません',
      message:
        'サインインを待つフォームは、送信したブラウザーのために、10 分間、一度だけ保管されます。アプリには何も送信されていません。ページを開き、もう一度ご入力ください。',
    },
    token_invalid: {
      title: 'このトークンは受け付けられません',
      message: '正しくないか、期限が切れているか、このアプリ用ではありません。新しいトークンを取得してください。',
    },
    logout_token_invalid: {
      title: 'このログアウトトークンは受け付けられません',
      message: 'これによってサインアウトした方はいません。',
    },
    rate_limited: {
      title: '回数が多すぎます',
      message:
        'お使いのネットワークから、またはお使いのアカウントへの試行が多すぎます。1 分ほど待ってから、もう一度お試しください。',
    },
    websocket_origin_refused: {
      title: '別のサイトから送信されました',
      message: 'このサイトからアプリへの接続は許可されていません。',
    },
    upstream_unreachable: {
      title: 'アプリが応答しません',
      message: '起動中か、停止している可能性があります。1 分ほどしてから、もう一度お試しください。',
    },
    upstream_timeout: { title: 'アプリの応答に時間がかかっています', message: ONE_MINUTE },
    upstream_closed: { title: 'アプリとの通信が途切れました', message: ONE_MINUTE },
    upstream_protocol: { title: 'アプリから正しい応答がありませんでした', message: '管理者にお知らせください。' },
    upstream_busy: { title: 'アプリが混み合っています', message: ONE_MINUTE },
    body_too_large: {
      title: 'サイズが大きすぎます',
      message: '送信された内容は、このアプリで受け付けられる大きさを超えています。何も送信されていません。',
    },
    headers_too_large: {
      title: 'ブラウザーから送られるデータが多すぎます',
      message: '多くの場合、このサイトの Cookie が原因です。削除してから、もう一度お試しください。',
    },
    store_unavailable: { title: 'セッションを確認できません', message: ONE_MINUTE },
    internal: { title: '問題が発生しました', message: TELL },
  },
}
