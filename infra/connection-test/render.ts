import type { Check } from '../../runtime/connection-test/index.ts'
import { markdown, say, table } from '../review/index.ts'
import type { ProviderReport } from './checks.ts'

const WORDS = { good: 'ok', wrong: 'WRONG', unclear: 'unclear', due: 'due' } as const satisfies Record<
  Check['state'],
  string
>
/** As wide as the widest of the two columns before the text. */
const [WHAT, STATE] = [13, 7]

/**
 * Renders what `doctor` found, for a terminal.
 * @returns text that ends with a line feed
 */
export function renderText(reports: readonly ProviderReport[], stack: string): string {
  const parts = reports.map(({ id, issuer, checks }) => [`${id}  ${issuer}`, ...checks.flatMap(checkLines)].join('\n'))
  return `${[verdict(reports, stack), ...parts].map(printable).join('\n\n')}\n`
}

/**
 * Renders the same for a pull request, as a section of its own.
 * @returns GitHub Flavored Markdown that ends with a line feed; nothing where there is nothing to tell
 */
export function renderMarkdown(reports: readonly ProviderReport[]): string {
  const rows = reports.flatMap(({ id, checks }) =>
    checks.map(({ what, state, says, advice }) => [
      markdown(say`${id}`),
      what,
      state === 'good' ? WORDS[state] : `**${WORDS[state]}**`,
      [says, ...advice].map((text) => markdown(say`${text}`)).join('<br>'),
    ]),
  )
  if (rows.length === 0) return ''
  return ['', '### Connection tests', '', ...table(['identity provider', 'test', 'result', 'details'], rows), ''].join(
    '\n',
  )
}

/** Whether people cannot sign in somewhere. */
export function isWrong(reports: readonly ProviderReport[]): boolean {
  return reports.some(({ checks }) => checks.some(({ state }) => state === 'wrong'))
}

function verdict(reports: readonly ProviderReport[], stack: string): string {
  const wrong = reports.filter((report) => isWrong([report])).map(({ id }) => id)
  const open = reports.flatMap(({ checks }) => checks).filter(({ state }) => state === 'unclear' || state === 'due')
  if (wrong.length > 0) return `Stack ${stack}: people cannot sign in with ${wrong.join(', ')}.`
  if (open.length > 0) return `Stack ${stack}: nothing is wrong; ${open.length} of the lines below need a look.`
  return `Stack ${stack}: all is well.`
}

function checkLines({ what, state, says, advice }: Check): string[] {
  const indent = ' '.repeat(2 + WHAT + 2 + STATE + 2)
  return [`  ${what.padEnd(WHAT)}  ${WORDS[state].padEnd(STATE)}  ${says}`, ...advice.map((line) => indent + line)]
}

/** A provider's words must not steer a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, '�')
}
