import type { RefusalWords } from './words.ts'

const KEEPS_COOKIES =
  'Dieser Browser blockiert oder vergisst Cookies. Erlauben Sie sie für diese Seite, oder verwenden Sie einen anderen Browser oder ein anderes Profil.'
const CLOCK = 'Die Uhr dieses Geräts geht falsch. Lassen Sie die Uhrzeit automatisch einstellen.'
const ONE_MINUTE = 'Versuchen Sie es in einer Minute noch einmal.'
const TELL = 'Versuchen Sie es noch einmal. Bleibt es dabei, wenden Sie sich an Ihre Administration.'

export const de: RefusalWords = {
  expected: 'Erwartet',
  signedIn: 'Angemeldet',
  domains: 'Zugelassene Domains',
  retry: 'Noch einmal versuchen',
  signIn: 'Anmelden',
  openPage: 'Seite öffnen',
  openApp: 'App öffnen',
  texts: {
    request_malformed: {
      title: 'Diese Anfrage ergibt keinen Sinn',
      message: 'Gehen Sie zurück und versuchen Sie es noch einmal.',
    },
    host_unknown: {
      title: 'Unter dieser Adresse gibt es nichts',
      message: 'Prüfen Sie die Adresse. Wenn sie stimmt, ist sie hier nicht eingerichtet.',
    },
    not_found: { title: 'Diese Seite gibt es nicht', message: 'Prüfen Sie die Adresse.' },
    origin_mismatch: {
      title: 'Das kam von einer anderen Website',
      message: 'Öffnen Sie die Seite selbst und versuchen Sie es von dort aus noch einmal.',
    },
    sign_in_required: {
      title: 'Bitte melden Sie sich an',
      message:
        'Sie sind nicht angemeldet, oder Ihre Sitzung ist beendet. An die App wurde nichts weitergegeben: Melden Sie sich an und senden Sie es dann erneut.',
    },
    access_denied: {
      title: 'Sie haben keinen Zugriff',
      message: 'Bitten Sie Ihre Administration, Sie hinzuzufügen.',
    },
    sign_in_expired: {
      title: 'Diese Anmeldung läuft nicht mehr',
      message: 'Sie hat zu lange gedauert oder wurde in einem anderen Tab abgeschlossen. Beginnen Sie neu.',
    },
    sign_in_loop: {
      title: 'Sie werden immer wieder zur Anmeldung geschickt',
      message:
        'Sie sind angemeldet, und doch verlangt die Adresse der App es jedes Mal neu. Wir haben das angehalten. Meist liegt es an einem hiervon:',
      causes: [
        KEEPS_COOKIES,
        CLOCK,
        'Die App selbst leitet Sie an eine Adresse weiter, die erneut fragt. Wenden Sie sich an Ihre Administration.',
      ],
    },
    cookies_blocked: {
      title: 'Keines unserer Cookies kam zurück',
      message: 'Die Anmeldung braucht Cookies, und Ihr Browser hat keines gesendet. Meist liegt es an einem hiervon:',
      causes: [
        KEEPS_COOKIES,
        'Sie haben in einem anderen Browser oder einem privaten Fenster begonnen. Beginnen Sie in diesem neu.',
        'Sie haben länger gewartet, als diese Anmeldung gilt. Beginnen Sie neu.',
      ],
    },
    provider_unreachable: { title: 'Der Anmeldedienst antwortet nicht', message: ONE_MINUTE },
    provider_refused: {
      title: 'Sie wurden nicht angemeldet',
      message: 'Der Anmeldedienst hat Sie nicht durchgelassen, oder Sie haben abgebrochen.',
    },
    provider_answer_invalid: { title: 'Die Anmeldung konnte nicht geprüft werden', message: TELL },
    client_refused: {
      title: 'Der Anmeldedienst kennt uns nicht',
      message:
        'Er nimmt die Zugangsdaten dieser Website nicht an. Wenden Sie sich an Ihre Administration: Sie selbst können das nicht beheben.',
    },
    clock_skew: {
      title: 'Zwei Uhren widersprechen sich',
      message: `Die Uhren des Anmeldedienstes und unsere gehen für eine sichere Anmeldung zu weit auseinander. ${TELL}`,
    },
    groups_incomplete: {
      title: 'Ihre Gruppen konnten nicht vollständig gelesen werden',
      message:
        'Der Anmeldedienst hat einige Ihrer Gruppen ausgelassen, sodass niemand sagen kann, was Sie öffnen dürfen. Wenden Sie sich an Ihre Administration.',
    },
    step_up_failed: {
      title: 'Diese App verlangt eine stärkere Anmeldung',
      message:
        'Der Anmeldedienst hat Sie nicht erneut gefragt, oder nicht so, wie diese App es braucht. Versuchen Sie es noch einmal und bestätigen Sie mit dem Verfahren, das er anbietet. Bleibt es dabei, wenden Sie sich an Ihre Administration.',
    },
    not_provisioned: {
      title: 'Sie haben hier noch kein Konto',
      message:
        'Ihre Anmeldung war richtig, auf diesem Weg kommt aber nur herein, wer schon ein Konto hat. Bitten Sie Ihre Administration, eines für Sie anzulegen.',
    },
    email_refused: {
      title: 'Diese E-Mail-Adresse wird hier nicht angenommen',
      message:
        'Auf diesem Weg können sich nur Adressen bestimmter Organisationen anmelden, und Ihre gehört nicht dazu. Melden Sie sich mit Ihrem Arbeitskonto an, oder fragen Sie Ihre Administration.',
    },
    email_unverified: {
      title: 'Ihre E-Mail-Adresse ist nicht bestätigt',
      message:
        'Der Anmeldedienst sagt nicht, dass diese Adresse Ihnen gehört. Bestätigen Sie sie dort und melden Sie sich dann erneut an. Ist das nicht möglich, fragen Sie Ihre Administration.',
    },
    account_exists: {
      title: 'Sie haben hier bereits ein Konto',
      message:
        'Mit Ihrer E-Mail-Adresse gibt es ein Konto, bei dem Sie sich auf andere Weise anmelden. Melden Sie sich wie bisher an. Es wurde nichts geändert.',
    },
    account_suspended: {
      title: 'Ihr Konto ist gesperrt',
      message: 'Sie können sich zurzeit nicht anmelden. Fragen Sie Ihre Administration, was zu tun ist.',
    },
    identity_in_use: {
      title: 'Dieses Konto ist bereits verbunden',
      message:
        'Es gehört hier zu einer anderen Person und kann deshalb nicht mit Ihrem Konto verbunden werden. Es wurde nichts geändert.',
    },
    other_person: {
      title: 'Sie haben sich als jemand anderes angemeldet',
      message:
        'Hier wurde eine bestimmte Person erwartet, angemeldet hat sich eine andere. Melden Sie sich noch einmal mit dem richtigen Konto an.',
    },
    credentials_invalid: {
      title: 'Das stimmt nicht überein',
      message:
        'E-Mail-Adresse, Passwort oder Passkey ist falsch. Prüfen Sie die Angaben und versuchen Sie es noch einmal.',
    },
    link_invalid: {
      title: 'Dieser Link gilt nicht mehr',
      message:
        'Er wurde schon benutzt, ist zu alt oder war für einen anderen Browser bestimmt. Fordern Sie dort, woher Sie ihn haben, einen neuen an.',
    },
    recent_sign_in_required: {
      title: 'Bitte bestätigen Sie, dass Sie es sind',
      message:
        'Für diesen Schritt muss Ihre Anmeldung noch frisch sein. Melden Sie sich erneut an, dann können Sie fortfahren.',
    },
    busy: {
      title: 'Im Augenblick ist zu viel los',
      message: 'Es wurde nichts geändert. Versuchen Sie es in einigen Sekunden noch einmal.',
    },
    hand_over_invalid: {
      title: 'Dieser Link ist verbraucht',
      message: 'Er gilt einmal, sofort, und nur in dem Browser, der ihn verlangt hat. Öffnen Sie die App noch einmal.',
    },
    kept_body_gone: {
      title: 'Was Sie gesendet haben, ist nicht mehr aufbewahrt',
      message:
        'Ein Formular, das auf die Anmeldung wartet, wird zehn Minuten lang, einmal und nur für den sendenden Browser aufbewahrt. An die App wurde nichts gesendet. Öffnen Sie die Seite und füllen Sie das Formular noch einmal aus.',
    },
    token_invalid: {
      title: 'Dieses Token wird nicht angenommen',
      message: 'Es ist falsch, zu alt oder nicht für diese App bestimmt. Besorgen Sie ein neues.',
    },
    logout_token_invalid: {
      title: 'Dieses Abmelde-Token wird nicht angenommen',
      message: 'Dadurch wurde niemand abgemeldet.',
    },
    rate_limited: {
      title: 'Das war zu oft',
      message:
        'Aus Ihrem Netz oder für Ihr Konto gab es zu viele Versuche. Warten Sie eine Minute und versuchen Sie es noch einmal.',
    },
    websocket_origin_refused: {
      title: 'Das kam von einer anderen Website',
      message: 'Diese Website darf keine Verbindung zur App öffnen.',
    },
    upstream_unreachable: {
      title: 'Die App antwortet nicht',
      message: 'Vielleicht startet sie gerade oder ist außer Betrieb. Versuchen Sie es in einer Minute noch einmal.',
    },
    upstream_timeout: { title: 'Die App braucht zu lange', message: ONE_MINUTE },
    upstream_closed: { title: 'Die App hat abgebrochen', message: ONE_MINUTE },
    upstream_protocol: {
      title: 'Die App hat keine gültige Antwort gegeben',
      message: 'Wenden Sie sich an Ihre Administration.',
    },
    upstream_busy: { title: 'Die App ist ausgelastet', message: ONE_MINUTE },
    body_too_large: {
      title: 'Das ist zu groß',
      message: 'Was Sie gesendet haben, ist größer, als diese App annimmt. Es wurde nichts weitergegeben.',
    },
    headers_too_large: {
      title: 'Ihr Browser sendet zu viel mit',
      message: 'Meist sind es Cookies dieser Website: Löschen Sie sie und versuchen Sie es noch einmal.',
    },
    store_unavailable: { title: 'Ihre Sitzung kann nicht nachgeschlagen werden', message: ONE_MINUTE },
    internal: { title: 'Hier ist etwas schiefgegangen', message: TELL },
  },
}
