import type { RefusalCode } from '../refusal.ts'

/** What a person is shown for a refusal. */
export interface Answer {
  status: number
  title: string
  /** What happened and what to do; never a cause, which would describe the inner network to a stranger. */
  message: string
}

/** The one table from code to answer. */
const ANSWERS = {
  request_malformed: [400, 'This request makes no sense', 'Go back and try again.'],
  host_unknown: [421, 'Nothing lives at this address', 'Check the address. If it is right, its route is missing here.'],
  not_found: [404, 'There is no such page', 'Check the address.'],
  origin_mismatch: [403, 'That came from another site', 'Open the page itself and try again from there.'],
  sign_in_required: [401, 'Please sign in', 'You are not signed in, or your session has ended.'],
  access_denied: [403, 'You don’t have access', 'Ask your administrator to add you.'],
  sign_in_expired: [
    400,
    'This sign-in is no longer under way',
    'It took too long, or was finished in another tab. Start again.',
  ],
  provider_unreachable: [502, 'The sign-in service does not answer', 'Try again in a minute.'],
  provider_refused: [403, 'You were not signed in', 'The sign-in service did not let you through, or you cancelled.'],
  provider_answer_invalid: [
    502,
    'The sign-in could not be verified',
    'Try again. If it stays like this, tell your administrator.',
  ],
  hand_over_invalid: [400, 'This link was used already', 'Open the app again.'],
  websocket_origin_refused: [403, 'That came from another site', 'This site may not open a connection to the app.'],
  upstream_unreachable: [502, 'The app does not answer', 'It may be starting or down. Try again in a minute.'],
  upstream_timeout: [504, 'The app takes too long', 'Try again in a minute.'],
  upstream_closed: [502, 'The app broke off', 'Try again in a minute.'],
  upstream_protocol: [502, 'The app gave no proper answer', 'Tell your administrator.'],
  upstream_busy: [503, 'The app is busy', 'Try again in a minute.'],
  store_unavailable: [503, 'Your session cannot be looked up', 'Try again in a minute.'],
  internal: [500, 'Something went wrong here', 'Try again. If it stays like this, tell your administrator.'],
} as const satisfies Record<RefusalCode, readonly [number, string, string]>

/** @returns status and words of a code */
export function answerTo(code: RefusalCode): Answer {
  const [status, title, message] = ANSWERS[code]
  return { status, title, message }
}
