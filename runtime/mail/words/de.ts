import type { Words } from './words.ts'

export const de: Words = {
  verifyEmail: {
    subject: (brand) => `Bestätigen Sie Ihre E-Mail-Adresse für ${brand}`,
    heading: 'E-Mail-Adresse bestätigen',
    lead: (brand, provider) =>
      `Sie melden sich mit ${provider} bei ${brand} an. Bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört.`,
    action: 'E-Mail-Adresse bestätigen',
    ignore: (brand) =>
      `Wenn Sie sich gerade nicht bei ${brand} anmelden, öffnen Sie den Link nicht. Ohne ihn geschieht nichts.`,
  },
  invitation: {
    subject: (brand) => `Ihre Einladung zu ${brand}`,
    heading: (brand) => `Sie sind zu ${brand} eingeladen`,
    lead: (brand) =>
      `Bei ${brand} ist ein Konto für Sie vorbereitet. Nehmen Sie die Einladung an und wählen Sie, wie Sie sich anmelden.`,
    leadBy: (brand, invitedBy) =>
      `${invitedBy} hat Sie zu ${brand} eingeladen. Nehmen Sie die Einladung an und wählen Sie, wie Sie sich anmelden.`,
    action: 'Einladung annehmen',
    ignore: 'Wenn Sie diese Einladung nicht erwartet haben, können Sie die E-Mail ignorieren.',
  },
  passwordReset: {
    subject: (brand) => `Setzen Sie Ihr Passwort für ${brand} zurück`,
    heading: 'Passwort zurücksetzen',
    lead: (brand) => `Für Ihr Konto bei ${brand} wurde ein neues Passwort angefordert.`,
    action: 'Neues Passwort wählen',
    ignore: 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ihr Passwort bleibt, wie es ist.',
  },
  securityNotice: {
    changes: {
      password_set: {
        subject: 'Ihr Passwort wurde gesetzt',
        happened: (brand) => `Für Ihr Konto bei ${brand} wurde ein neues Passwort gesetzt.`,
      },
      password_removed: {
        subject: 'Ihr Passwort wurde entfernt',
        happened: (brand) =>
          `Das Passwort Ihres Kontos bei ${brand} wurde entfernt. Sie können sich nicht mehr damit anmelden.`,
      },
      email_changed: {
        subject: 'Ihre E-Mail-Adresse wurde geändert',
        happened: (brand) => `Die E-Mail-Adresse Ihres Kontos bei ${brand} wurde geändert.`,
      },
      break_glass_used: {
        subject: 'Der Notfallzugang wurde benutzt',
        happened: (brand) => `Jemand hat sich über den Notfallzugang für Administratoren bei ${brand} angemeldet.`,
      },
      sessions_ended: {
        subject: 'Ihre Sitzungen wurden beendet',
        happened: (brand) => `Sitzungen Ihres Kontos bei ${brand} wurden abgemeldet.`,
      },
      passkey_added: {
        subject: 'Ein Passkey wurde hinzugefügt',
        happened: (brand, name) => `Der Passkey „${name}“ wurde Ihrem Konto bei ${brand} hinzugefügt.`,
      },
      passkey_removed: {
        subject: 'Ein Passkey wurde entfernt',
        happened: (brand, name) => `Der Passkey „${name}“ wurde aus Ihrem Konto bei ${brand} entfernt.`,
      },
      identity_linked: {
        subject: 'Eine Anmeldung wurde verbunden',
        happened: (brand, name) =>
          `${name} wurde mit Ihrem Konto bei ${brand} verbunden. Sie können sich jetzt damit anmelden.`,
      },
      identity_unlinked: {
        subject: 'Eine Anmeldung wurde getrennt',
        happened: (brand, name) => `${name} wurde von Ihrem Konto bei ${brand} getrennt.`,
      },
    },
    when: 'Zeitpunkt',
    from: 'Netzwerkadresse',
    action: 'Konto prüfen',
    notYou:
      'Wenn Sie das nicht waren, prüfen Sie Ihr Konto sofort: Melden Sie Ihre anderen Sitzungen ab und ändern Sie, wie Sie sich anmelden.',
  },
  expires: (time) => `Der Link gilt einmal, bis ${time}.`,
  elsewhere: 'Wenn die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  foot: (brand) => `Diese E-Mail wurde automatisch von ${brand} gesendet. Antworten darauf werden nicht gelesen.`,
}
