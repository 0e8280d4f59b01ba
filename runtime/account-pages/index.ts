/** Where people see and change what is known of them, and by what they sign in. */
export { ACCOUNT_PATH, createAccountPages } from './account-pages.ts'
export { type Device, readDevice } from './read-device.ts'
