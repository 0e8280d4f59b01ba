export { type CallbackChange, compareStacks, type NoComparison, type StackChanges } from './comparison.ts'
export { acceptedAt } from './brands.ts'
export type { Finding } from './finding.ts'
export { markdown, table } from './markdown.ts'
export { say } from './phrase.ts'
export { field, texts } from './plain.ts'
export { mapsIn } from './program-rules.ts'
export { readStack, type StackReading } from './reading.ts'
export { renderReview } from './render.ts'
export {
  judgeRules,
  readProofs,
  REVIEW_RULES,
  type ReviewedStack,
  type ReviewRule,
  type RuleReport,
} from './rules/index.ts'
export { type EnginePlan, readPlan, renderPlan } from './plan/index.ts'
