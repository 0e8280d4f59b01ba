export { Okta } from './component.ts'
