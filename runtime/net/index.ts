export { boundedFetch } from './fetch.ts'
export { isLoopbackHost, loopbackLookup } from './loopback.ts'
