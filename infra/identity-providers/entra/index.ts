export { Entra } from './component.ts'
