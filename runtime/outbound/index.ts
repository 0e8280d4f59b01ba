export { boundedFetch, type BoundedInit } from './fetch.ts'
export { mayStayPrivate } from './permission.ts'
export { isPrivateAddress } from './private-addresses.ts'
