import type { Row } from './row.ts'

const COLUMNS: readonly [heading: string, figure: (row: Row) => string][] = [
  ['what', ({ name }) => name],
  ['connections', ({ concurrency }) => concurrency.toLocaleString('en')],
  ['CPU µs per request', ({ cpuMicrosPerRequest }) => figure(cpuMicrosPerRequest)],
  ['requests/s', ({ requestsPerSecond }) => figure(requestsPerSecond)],
  ['p50 ms', ({ p50Ms }) => figure(p50Ms)],
  ['p99 ms', ({ p99Ms }) => figure(p99Ms)],
  ['RSS MiB', ({ rssMiB }) => figure(rssMiB)],
]

/** The rows as a Markdown table with columns of equal width, figures to the right; a figure that there is not is a dash. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [COLUMNS.map(([heading]) => heading), ...rows.map((row) => COLUMNS.map(([, text]) => text(row)))]
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const pad = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head = [], ...body] = lines
  return [head.map(pad), rule, ...body.map((line) => line.map(pad))]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: 2 })
}
