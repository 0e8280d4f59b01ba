import { renderTable } from './table.ts'
import type { Results } from './row.ts'
import type { Verdict } from './verdict.ts'

const BEGIN = '<!-- bench:begin: written by `npm run bench`, do not edit -->'
const END = '<!-- bench:end -->'

/**
 * Puts results into a page, in place of what stands between its two marks.
 * @throws RangeError when the page has no marks
 */
export function withResults(page: string, results: Results, verdicts: readonly Verdict[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin < 0 || end < begin) throw new RangeError('the page has no marks between which results go')
  return `${page.slice(0, begin)}${BEGIN}\n\n${renderResults(results, verdicts)}\n${page.slice(end)}`
}

/** Date, machine, table and verdicts as Markdown. */
export function renderResults({ date, machine, rows }: Results, verdicts: readonly Verdict[]): string {
  return `Measured on ${date}: ${machine}.\n\n${renderTable(rows)}\n${renderVerdicts(verdicts)}`
}

/** A line for each target: what was asked, what was measured, and whether it was held. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ what, limit, measured, outcome }) => {
      const found = measured === '' ? '' : `${measured}, `
      return `- ${what}: ${found}at most ${limit}: **${outcome}**\n`
    })
    .join('')
}
