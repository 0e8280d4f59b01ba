export type { ProcessInputs, ProcessState } from './schema.ts'
export { processType } from './process.ts'
