import type { RefusalWords } from './words.ts'

const KEEPS_COOKIES =
  'This browser blocks cookies, or forgets them. Allow them for this site, or use another browser or profile.'
const CLOCK = 'The clock of this device is wrong. Let it set its time by itself.'
const ONE_MINUTE = 'Try again in a minute.'
const TELL = 'Try again. If it stays like this, tell your administrator.'

export const en: RefusalWords = {
  expected: 'Asked for',
  signedIn: 'Signed in',
  domains: 'Accepted domains',
  retry: 'Try again',
  signIn: 'Sign in',
  openPage: 'Open the page',
  openApp: 'Open the app',
  texts: {
    request_malformed: { title: 'This request makes no sense', message: 'Go back and try again.' },
    host_unknown: {
      title: 'Nothing lives at this address',
      message: 'Check the address. If it is right, its route is missing here.',
    },
    not_found: { title: 'There is no such page', message: 'Check the address.' },
    origin_mismatch: {
      title: 'That came from another site',
      message: 'Open the page itself and try again from there.',
    },
    sign_in_required: {
      title: 'Please sign in',
      message:
        'You are not signed in, or your session has ended. Nothing was passed on to the app: sign in, then send it again.',
    },
    access_denied: { title: 'You don’t have access', message: 'Ask your administrator to add you.' },
    sign_in_expired: {
      title: 'This sign-in is no longer under way',
      message: 'It took too long, or was finished in another tab. Start again.',
    },
    sign_in_loop: {
      title: 'You are sent back to sign in again and again',
      message:
        'You are signed in, and yet the app’s address asks for it each time. We have stopped that. Mostly it is one of these:',
      causes: [
        KEEPS_COOKIES,
        CLOCK,
        'The app itself sends you on to an address that asks again. Tell your administrator.',
      ],
    },
    cookies_blocked: {
      title: 'None of our cookies came back',
      message: 'Signing in needs cookies, and your browser has not sent us one. Mostly it is one of these:',
      causes: [
        KEEPS_COOKIES,
        'You began in another browser or a private window. Start again in this one.',
        'You waited for longer than this sign-in lasts. Start again.',
      ],
    },
    provider_unreachable: { title: 'The sign-in service does not answer', message: ONE_MINUTE },
    provider_refused: {
      title: 'You were not signed in',
      message: 'The sign-in service did not let you through, or you cancelled.',
    },
    provider_answer_invalid: { title: 'The sign-in could not be verified', message: TELL },
    client_refused: {
      title: 'The sign-in service does not know us',
      message: 'It does not accept this site’s credentials. Tell your administrator: you cannot mend this yourself.',
    },
    clock_skew: {
      title: 'Two clocks disagree',
      message:
        'The sign-in service’s clock and ours are too far apart for a safe sign-in. Try again. If it stays like this, tell your administrator.',
    },
    groups_incomplete: {
      title: 'Your groups could not be read in full',
      message:
        'The sign-in service left some of your groups out, so nobody can tell what you may open. Tell your administrator.',
    },
    step_up_failed: {
      title: 'This app asks for a stronger sign-in',
      message:
        'The sign-in service did not ask you again, or not in the way that this app needs. Try again, and confirm with the method that it offers. If it stays like this, tell your administrator.',
    },
    not_provisioned: {
      title: 'You have no account here yet',
      message:
        'You signed in correctly, but only people who already have an account can come in this way. Ask your administrator to create one for you.',
    },
    email_refused: {
      title: 'This email address is not accepted here',
      message:
        'Only addresses of certain organizations can sign in this way, and yours is not one of them. Sign in with your work account, or ask your administrator.',
    },
    email_unverified: {
      title: 'Your email address is not confirmed',
      message:
        'The sign-in service does not say that this address is yours. Confirm it there, then sign in again. If you cannot, ask your administrator.',
    },
    account_exists: {
      title: 'You already have an account here',
      message:
        'There is an account with your email address that you sign in to in another way. Sign in as you did before. Nothing was changed.',
    },
    account_suspended: {
      title: 'Your account is suspended',
      message: 'You cannot sign in at present. Ask your administrator what to do.',
    },
    identity_in_use: {
      title: 'This account is connected already',
      message: 'It belongs to another person here, so it cannot be connected to your account. Nothing was changed.',
    },
    other_person: {
      title: 'You signed in as someone else',
      message:
        'A certain person was expected here, and the sign-in was another’s. Sign in again with the right account.',
    },
    credentials_invalid: {
      title: 'That did not match',
      message: 'The email address, password or passkey is wrong. Check it and try again.',
    },
    link_invalid: {
      title: 'This link no longer works',
      message:
        'It has been used already, is too old, or was meant for another browser. Ask for a new one where you got it.',
    },
    recent_sign_in_required: {
      title: 'Please confirm that it is you',
      message: 'For this step you have to have signed in a short while ago. Sign in again, then you can go on.',
    },
    busy: {
      title: 'Too much is going on at the moment',
      message: 'Nothing was changed. Try again in a few seconds.',
    },
    hand_over_invalid: {
      title: 'This link is used up',
      message: 'It works once, at once, and in the browser that asked. Open the app again.',
    },
    kept_body_gone: {
      title: 'What you sent is no longer kept',
      message:
        'A form that waits for its sender to sign in is kept for ten minutes, once, and for the browser that sent it. Nothing was sent to the app. Open the page and fill the form in again.',
    },
    token_invalid: {
      title: 'This token is not accepted',
      message: 'It is wrong, too old, or not meant for this app. Get a new one.',
    },
    logout_token_invalid: { title: 'This logout token is not accepted', message: 'Nobody was signed out by it.' },
    rate_limited: {
      title: 'That was too often',
      message: 'There were too many tries from your network, or for your account. Wait a minute and try again.',
    },
    websocket_origin_refused: {
      title: 'That came from another site',
      message: 'This site may not open a connection to the app.',
    },
    upstream_unreachable: {
      title: 'The app does not answer',
      message: 'It may be starting or down. Try again in a minute.',
    },
    upstream_timeout: { title: 'The app takes too long', message: ONE_MINUTE },
    upstream_closed: { title: 'The app broke off', message: ONE_MINUTE },
    upstream_protocol: { title: 'The app gave no proper answer', message: 'Tell your administrator.' },
    upstream_busy: { title: 'The app is busy', message: ONE_MINUTE },
    body_too_large: {
      title: 'That is too large',
      message: 'What you sent is larger than this app takes. Nothing was passed on.',
    },
    headers_too_large: {
      title: 'Your browser sends too much along',
      message: 'Mostly these are cookies of this site: delete them and try again.',
    },
    store_unavailable: { title: 'Your session cannot be looked up', message: ONE_MINUTE },
    internal: { title: 'Something went wrong here', message: TELL },
  },
}
