export type { PolicyInput } from './environment.ts'
export { compilePolicy, type Decision, type Policy, PolicyError } from './policy.ts'
export { spell } from './spelling.ts'
export { type Alternative, alternatives, describeRule } from './words.ts'
