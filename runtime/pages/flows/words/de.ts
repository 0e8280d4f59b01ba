import { markup } from '../../markup.ts'
import type { FlowWords } from './words.ts'

export const de: FlowWords = {
  common: {
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    newPassword: 'Neues Passwort',
    signIn: 'Anmelden',
    continue: 'Weiter',
    cancel: 'Abbrechen',
    startOver: 'Neu beginnen',
    orContinueWith: 'Oder weiter mit',
    or: 'oder',
    usePasskey: 'Mit einem Passkey anmelden',
    needsScript: 'Ein Passkey braucht JavaScript, das dieser Browser hier nicht ausführt.',
  },
  problem: {
    credentials: 'E-Mail-Adresse oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es noch einmal.',
    email: 'Geben Sie eine Adresse wie name@example.com ein.',
    passkey:
      'Dieser Passkey hat nicht funktioniert. Versuchen Sie es noch einmal oder melden Sie sich auf andere Weise an.',
    tooShort: 'Das ist zu kurz. Verwenden Sie mindestens 12 Zeichen.',
    tooLong: 'Das ist zu lang. Verwenden Sie höchstens 128 Zeichen.',
    common: 'Dieses Passwort würden zu viele Menschen ausprobieren. Wählen Sie eines, auf das nur Sie kommen.',
  },
  signIn: {
    title: 'Anmelden',
    toContinue: (app) => markup`um fortzufahren zu ${app}`,
    as: (email) => markup`als ${email}`,
    otherAddress: 'Andere Adresse verwenden',
    lastUsed: 'zuletzt verwendet',
    forgotten: 'Passwort vergessen?',
    none: 'Hier ist keine Anmeldung eingerichtet. Wenden Sie sich an Ihre Administration.',
    sessionEnded: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an, um fortzufahren.',
    otherAccount: 'Sie sind angemeldet, aber diese Anwendung nimmt andere Konten. Wählen Sie eines davon.',
    confirmItIsYou: 'Melden Sie sich noch einmal an, damit wir sicher sind, dass Sie es sind.',
    passwordSet: 'Ihr neues Passwort ist gesetzt. Melden Sie sich damit an.',
  },
  goOn: {
    title: 'Einen Moment',
    lead: 'Sie werden weitergeleitet. Falls nichts geschieht, nutzen Sie die Schaltfläche.',
  },
  verify: {
    title: 'Sehen Sie in Ihr Postfach',
    failedTitle: 'Bestätigen Sie Ihre Adresse',
    lead: (email, provider) =>
      markup`${provider} sagt, dass ${email} Ihnen gehört. Wir haben einen Link dorthin geschickt, damit auch wir es wissen.`,
    anyDevice:
      'Öffnen Sie den Link innerhalb einer Stunde auf einem beliebigen Gerät und kommen Sie dann hierher zurück.',
    notSent: (email) =>
      markup`Die Nachricht an ${email} konnte nicht verschickt werden. Nichts ist verloren: Versuchen Sie es in einer Minute noch einmal.`,
    heldBack: (email, when) =>
      markup`An ${email} wurde keine Nachricht verschickt, weil zu viele angefordert wurden. Nichts ist verloren: Versuchen Sie es ${when} noch einmal.`,
    sentAgain: 'Wir haben die Nachricht noch einmal geschickt. Sie kann eine Minute brauchen.',
    tooMany: 'Das war vorerst oft genug. Sehen Sie im Spam-Ordner nach oder versuchen Sie es in einer Stunde wieder.',
    notYet: 'Die Adresse ist noch nicht bestätigt. Öffnen Sie zuerst den Link in der Nachricht.',
    done: 'Ich habe sie bestätigt',
    again: 'Noch einmal senden',
    without: 'Ohne Bestätigung weiter',
    withoutMeans:
      'Sie können ohne Bestätigung weitergehen: Anwendungen erfahren Ihre Adresse dann nicht, und beim nächsten Mal werden Sie wieder gefragt.',
  },
  confirm: {
    title: 'Ist das Ihre Adresse?',
    lead: (email, provider) =>
      markup`Jemand hat sich über ${provider} angemeldet und angegeben, dass ${email} ihm oder ihr gehört.`,
    name: 'Name',
    warning: 'Bestätigen Sie nur, wenn Sie das gerade eben selbst waren. Sonst hätte eine fremde Person Ihre Adresse.',
    yes: 'Ja, das war ich',
    no: 'Nein, das war ich nicht',
    doneTitle: 'Die Adresse ist bestätigt',
    done: 'Gehen Sie zurück zu dem Browser, in dem Sie begonnen haben, und machen Sie dort weiter. Diese Seite können Sie schließen.',
    refusedTitle: 'Vielen Dank',
    refused: 'Diese Anmeldung wurde beendet, und niemand hat Ihre Adresse. Sie brauchen nichts weiter zu tun.',
  },
  join: {
    title: 'Sie haben schon ein Konto',
    lead: (email) =>
      markup`Es gibt ein Konto mit der Adresse ${email}, und Sie haben sich gerade auf eine andere Weise angemeldet.`,
    newSignIn: 'Sie haben sich angemeldet',
    existing: 'Vorhandenes Konto',
    prove: 'Um beides zu verbinden, zeigen Sie zuerst, dass das Konto Ihnen gehört:',
    at: (name, provider) => markup`${name} bei ${provider}`,
    noWay: 'Bei diesem Konto kann sich derzeit niemand anmelden. Wenden Sie sich an Ihre Administration.',
    proven: 'Das Konto gehört Ihnen. Beides verbinden?',
    decide: (provider) => markup`Danach können Sie sich auch über ${provider} bei diesem Konto anmelden.`,
    join: 'Verbinden',
    cancelledTitle: 'Nichts wurde geändert',
    cancelled: 'Das Konto ist, wie es war, und nichts wurde damit verbunden.',
  },
  reset: {
    title: 'Passwort zurücksetzen',
    lead: 'Geben Sie Ihre Adresse ein. Wir schicken einen Link dorthin, mit dem Sie ein neues Passwort wählen.',
    send: 'Link senden',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (email) =>
      markup`Wenn ${email} hier ein Konto mit Passwort hat, ist eine Nachricht unterwegs. Der Link darin gilt eine halbe Stunde.`,
    newTitle: 'Neues Passwort wählen',
    newLead: (email) => markup`für ${email}`,
    hint: 'Mindestens 12 Zeichen. Einige Wörter, die Sie sich merken, sind besser als Zeichen, die Sie vergessen.',
    others: 'An allen anderen Stellen werden Sie abgemeldet.',
    save: 'Passwort setzen',
  },
  invitation: {
    title: (brand) => markup`Willkommen bei ${brand}`,
    plainTitle: 'Einladung',
    lead: (email) => markup`Wählen Sie, wie Sie sich als ${email} anmelden möchten.`,
    setPassword: 'Passwort setzen',
    setPasskey: 'Passkey anlegen',
    alsoPasskey: 'Passkey hinzufügen',
    alsoPasskeyLead: 'Ihr Passwort ist gesetzt. Die Anmeldung hier braucht zusätzlich einen Passkey.',
    later: 'Später',
  },
  breakGlass: {
    title: 'Notfall-Anmeldung',
    lead: 'Für die Administration, wenn kein Identitätsanbieter erreichbar ist. Jede Nutzung wird protokolliert und der Administration gemeldet.',
    next: 'Weiter',
    passkeyTitle: 'Jetzt Ihr Passkey',
    passkeyLead: 'Das Passwort stimmt. Zeigen Sie auch Ihren Passkey.',
  },
}
