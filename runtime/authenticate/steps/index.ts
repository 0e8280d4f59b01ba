export { confirmedAddress, noteConfirmed } from './confirmed-address.ts'
export { emailVerification, invitation, passwordReset, pendingJoin, pendingSignIn, STEP_LIFETIME_MS } from './kinds.ts'
export type { Asker, Step } from './step.ts'
