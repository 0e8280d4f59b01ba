export { isLoopbackHost, loopbackLookup } from './loopback.ts'
