export { createPasses, type Pass, type Passes } from './passes.ts'
export type { GrantBytes } from './table.ts'
