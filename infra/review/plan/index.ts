export { type EnginePlan, readPlan } from './plan.ts'
export { renderPlan } from './render.ts'
