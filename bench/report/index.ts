/** Rows, and what becomes of them: the table, `bench/results.json`, the page in docs/, the verdict. */
export { median, type Results, rounded, type Row } from './row.ts'
export { AT_ONE_RATE, judge, NAMES, type Verdict } from './verdict.ts'
export { renderTable } from './table.ts'
export { describeMachine } from './machine.ts'
export { renderResults, renderVerdicts, withResults } from './page.ts'
export { writeReport } from './write.ts'
