export { boundedFetch } from './fetch.ts'
