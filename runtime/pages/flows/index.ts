/** Pages on the way into an account. */
export { breakGlassPage, type BreakGlassOptions, breakGlassPasskeyPage } from './break-glass.ts'
export {
  addressConfirmedPage,
  CONFIRM_ADDRESS,
  confirmAddressPage,
  type ConfirmAddressOptions,
} from './confirm-address.ts'
export { goOnPage } from './go-on.ts'
export { alsoPasskeyPage, type AlsoPasskeyOptions, invitationPage, type InvitationOptions } from './invitation.ts'
export {
  JOIN,
  joinAccountsPage,
  joinCancelledPage,
  type JoinedAccounts,
  proveAccountPage,
  type ProveAccountOptions,
} from './join-accounts.ts'
export { PASSKEY_SCRIPT, type PasskeyForm, passkeyForm } from './passkey-form.ts'
export {
  newPasswordPage,
  type NewPasswordOptions,
  type PasswordProblem,
  resetRequestPage,
  type ResetRequestOptions,
  resetSentPage,
} from './reset-password.ts'
export {
  type OfferedProvider,
  type SignInForm,
  signInFlowPage,
  type SignInFlowOptions,
  type SignInNotice,
  type SignInProblem,
} from './sign-in.ts'
export { type MailState, verifyAddressPage, type VerifyAddressOptions } from './verify-address.ts'
