export { Auth0 } from './component.ts'
