/** `npm run bench`: what a request costs, next to what it costs elsewhere, in the same run. */
export { runBench } from './run.ts'
