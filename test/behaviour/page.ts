import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'

import { CONTENDERS } from './contenders/contender.ts'
import type { Group } from './row.ts'
import { TABLE } from './rows/index.ts'

const PAGE = 'docs/proxy.md'
const BEGIN = '<!-- the table: node test/behaviour/page.ts -->'
const END = '<!-- end of the table -->'

/** @returns the page as it is, and as it should be with the table of today */
export async function renderPage(): Promise<{ written: string; rendered: string }> {
  const written = readFileSync(PAGE, 'utf8')
  const begin = written.indexOf(BEGIN)
  const end = written.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost the marks ${BEGIN} and ${END}`)
  const page = `${written.slice(0, begin)}${BEGIN}\n\n${TABLE.map(section).join('\n\n')}\n\n${written.slice(end)}`
  const options = await resolveConfig(PAGE)
  return { written, rendered: await format(page, { ...options, parser: 'markdown' }) }
}

function section({ title, rows }: Group): string {
  const head = `| ${['', 'Gatewright', 'nginx', 'HAProxy', 'why ours differs'].join(' | ')} |\n|${' --- |'.repeat(5)}`
  const lines = rows.map(({ title: row, does, why = '' }) =>
    ['', row, ...CONTENDERS.map((name) => does[name]), why, ''].join(' | ').trim(),
  )
  return [`### ${title}`, '', head, ...lines].join('\n')
}

if (import.meta.main) {
  const { rendered } = await renderPage()
  writeFileSync(PAGE, rendered)
}
