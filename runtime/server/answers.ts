import type { RefusalCode } from '../refusal.ts'

/** What a person is shown for a refusal. */
export interface Answer {
  status: number
  title: string
  /** What happened and what to do; never a cause, which would describe the inner network to a stranger. */
  message: string
  /** What most often is behind it, where the person can do something about that. */
  causes: readonly string[]
}

const KEEPS_COOKIES =
  'This browser blocks cookies, or forgets them. Allow them for this site, or use another browser or profile.'
const CLOCK = 'The clock of this device is wrong. Let it set its time by itself.'

/** The one table from code to answer. */
const ANSWERS = {
  request_malformed: [400, 'This request makes no sense', 'Go back and try again.'],
  host_unknown: [421, 'Nothing lives at this address', 'Check the address. If it is right, its route is missing here.'],
  not_found: [404, 'There is no such page', 'Check the address.'],
  origin_mismatch: [403, 'That came from another site', 'Open the page itself and try again from there.'],
  sign_in_required: [
    401,
    'Please sign in',
    'You are not signed in, or your session has ended. Nothing was passed on to the app: sign in, then send it again.',
  ],
  access_denied: [403, 'You don’t have access', 'Ask your administrator to add you.'],
  sign_in_expired: [
    400,
    'This sign-in is no longer under way',
    'It took too long, or was finished in another tab. Start again.',
  ],
  sign_in_loop: [
    400,
    'You are sent back to sign in again and again',
    'You are signed in, and yet the app’s address asks for it each time. We have stopped that. Mostly it is one of these:',
    [KEEPS_COOKIES, CLOCK, 'The app itself sends you on to an address that asks again. Tell your administrator.'],
  ],
  cookies_blocked: [
    400,
    'None of our cookies came back',
    'Signing in needs cookies, and your browser has not sent us one. Mostly it is one of these:',
    [
      KEEPS_COOKIES,
      'You began in another browser or a private window. Start again in this one.',
      'You waited for longer than this sign-in lasts. Start again.',
    ],
  ],
  provider_unreachable: [502, 'The sign-in service does not answer', 'Try again in a minute.'],
  provider_refused: [403, 'You were not signed in', 'The sign-in service did not let you through, or you cancelled.'],
  provider_answer_invalid: [
    502,
    'The sign-in could not be verified',
    'Try again. If it stays like this, tell your administrator.',
  ],
  client_refused: [
    502,
    'The sign-in service does not know us',
    'It does not accept this site’s credentials. Tell your administrator: you cannot mend this yourself.',
  ],
  clock_skew: [
    502,
    'Two clocks disagree',
    'The sign-in service’s clock and ours are too far apart for a safe sign-in. Try again. If it stays like this, tell your administrator.',
  ],
  groups_incomplete: [
    502,
    'Your groups could not be read in full',
    'The sign-in service left some of your groups out, so nobody can tell what you may open. Tell your administrator.',
  ],
  step_up_failed: [
    403,
    'This app asks for a stronger sign-in',
    'The sign-in service did not ask you again, or not in the way that this app needs. Try again, and confirm with the method that it offers. If it stays like this, tell your administrator.',
  ],
  hand_over_invalid: [
    400,
    'This link is used up',
    'It works once, at once, and in the browser that asked. Open the app again.',
  ],
  kept_body_gone: [
    410,
    'What you sent is no longer kept',
    'A form that waits for its sender to sign in is kept for ten minutes, once, and for the browser that sent it. Nothing was sent to the app. Open the page and fill the form in again.',
  ],
  token_invalid: [401, 'This token is not accepted', 'It is wrong, too old, or not meant for this app. Get a new one.'],
  logout_token_invalid: [400, 'This logout token is not accepted', 'Nobody was signed out by it.'],
  rate_limited: [
    429,
    'That was too often',
    'There were too many sign-ins from your network, or to your account. Wait a minute and try again.',
  ],
  websocket_origin_refused: [403, 'That came from another site', 'This site may not open a connection to the app.'],
  upstream_unreachable: [502, 'The app does not answer', 'It may be starting or down. Try again in a minute.'],
  upstream_timeout: [504, 'The app takes too long', 'Try again in a minute.'],
  upstream_closed: [502, 'The app broke off', 'Try again in a minute.'],
  upstream_protocol: [502, 'The app gave no proper answer', 'Tell your administrator.'],
  upstream_busy: [503, 'The app is busy', 'Try again in a minute.'],
  body_too_large: [413, 'That is too large', 'What you sent is larger than this app takes. Nothing was passed on.'],
  headers_too_large: [
    431,
    'Your browser sends too much along',
    'Mostly these are cookies of this site: delete them and try again.',
  ],
  store_unavailable: [503, 'Your session cannot be looked up', 'Try again in a minute.'],
  internal: [500, 'Something went wrong here', 'Try again. If it stays like this, tell your administrator.'],
} as const satisfies Record<RefusalCode, readonly [number, string, string, (readonly string[])?]>

/** @returns status and words of a code */
export function answerTo(code: RefusalCode): Answer {
  const [status, title, message, causes = []]: readonly [number, string, string, (readonly string[])?] = ANSWERS[code]
  return { status, title, message, causes }
}
