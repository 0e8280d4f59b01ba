export { Pangolin } from './component.ts'
