import type { Handle } from './handle.ts'

/** Where the account pages are, at a brand's login host. */
export const ACCOUNT_PATH = '/account'

const SECURITY = `${ACCOUNT_PATH}/security`
const DATA = `${ACCOUNT_PATH}/data`
const SESSIONS = `${ACCOUNT_PATH}/sessions`

/** Addresses of the pages and of what their forms post to. */
export const paths = {
  profile: ACCOUNT_PATH,
  saveProfile: `${ACCOUNT_PATH}/profile`,
  resetField: `${ACCOUNT_PATH}/profile/reset`,
  security: SECURITY,
  password: `${SECURITY}/password`,
  removePassword: `${SECURITY}/password/remove`,
  newPasskey: `${SECURITY}/new-passkey`,
  passkey: (handle: Handle) => `${SECURITY}/passkeys/${handle}`,
  removePasskey: (handle: Handle) => `${SECURITY}/passkeys/${handle}/remove`,
  connect: `${SECURITY}/connect`,
  disconnect: (handle: Handle) => `${SECURITY}/connected/${handle}/disconnect`,
  sessions: SESSIONS,
  endSession: `${SESSIONS}/end`,
  endOthers: `${SESSIONS}/end-others`,
  data: DATA,
  export: `${DATA}/export`,
  delete: `${DATA}/delete`,
  signOut: '/sign-out',
  resetPassword: '/reset-password',
} as const
