/** Who may open what, by a stack file alone. */
export { type Answer, answerQuestion } from './answer.ts'
export type { Stack } from './place.ts'
export { type Question, readQuestion, usage } from './question.ts'
export { renderAnswer } from './render.ts'
