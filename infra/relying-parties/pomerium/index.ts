export { Pomerium } from './component.ts'
