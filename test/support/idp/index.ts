/** Emulators of identity vendors: stateful, each a tenant whose people can sign in to the very clients that are registered in it. */
export {
  createOpenId,
  type OpenIdOptions,
  type Person,
  presentedCredential,
  secretText,
  type SignInClient,
} from './openid.ts'
export { type Answered, type Asked, type Faults, type Handler, startVendorServer, type VendorServer } from './server.ts'
export { createCertificate, type TestCertificate } from './tls.ts'
export { PEOPLE, type Vendor } from './vendor.ts'
