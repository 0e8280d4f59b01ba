import { markup, type Markup } from '../markup.ts'

export interface Column {
  label: string
  /** `number` stands at the end of its cell; `actions` has a name for screen readers alone. @default 'text' */
  kind?: 'text' | 'number' | 'actions'
}

export interface TableOptions {
  /** What the rows are. */
  caption: string
  columns: readonly Column[]
  /** A cell for each column; the first one names its row. */
  rows: readonly (readonly Markup[])[]
  /** Said in place of a table without rows. */
  empty: string
}

/**
 * A table whose rows become blocks on a narrow screen, each cell with its column's name. Roles are spelled out, since a table that
 * is shown as blocks is none to some browsers.
 */
export function table({ caption, columns, rows, empty }: TableOptions): Markup {
  if (rows.length === 0) return markup`<p class="empty">${empty}</p>`
  const heads = columns.map(
    ({ label, kind }) => markup`<th scope="col" role="columnheader"${classOf(kind)}>${labelled(label, kind)}</th>`,
  )
  return markup`<table class="table" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => row(cells, columns))}</tbody></table>`
}

function row(cells: readonly Markup[], columns: readonly Column[]): Markup {
  const made = cells.map((cell, index) => {
    const { label, kind } = columns[index] ?? { label: '', kind: 'text' }
    const folded = kind === 'actions' ? undefined : markup` data-label="${label}"`
    return index === 0
      ? markup`<th scope="row" role="rowheader"${folded}><div>${cell}</div></th>`
      : markup`<td role="cell"${folded}${classOf(kind)}><div>${cell}</div></td>`
  })
  return markup`<tr role="row">${made}</tr>`
}

function classOf(kind: Column['kind']): Markup | undefined {
  if (kind === undefined || kind === 'text') return undefined
  return markup` class="${kind === 'actions' ? 'ways' : kind}"`
}

function labelled(label: string, kind: Column['kind']): Markup {
  return kind === 'actions' ? markup`<span class="unseen">${label}</span>` : markup`${label}`
}
