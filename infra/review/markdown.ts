import type { Phrase } from './phrase.ts'

/** A longer text is cut, which is said; GitHub takes comments of up to 65,536 characters. */
const MAX_QUOTED = 600

/**
 * Renders a phrase as GitHub Flavored Markdown. The stack file's texts stand in code spans, where nothing is a link, a
 * mention, HTML or an image (GFM §6.3); a pipe, which would end a table's cell even there, stands outside as an entity.
 */
export function markdown({ parts }: Phrase): string {
  return parts.map((part) => (typeof part === 'string' ? part : codeSpan(part.quoted))).join('')
}

/** @param head and cells: Markdown already @returns a table, and nothing where it has no row */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** @param text of a stack file, whatever it is */
function codeSpan(text: string): string {
  const visible = cut(text.replaceAll(/[\s\p{Zl}\p{Zp}]+/gu, ' ').trim()).replaceAll(/\p{C}/gu, codePoint)
  return visible === '' ? '(empty)' : visible.split('|').map(fenced).join('&#124;')
}

/** The fence is longer than any run of backticks inside (CommonMark §6.1). */
function fenced(piece: string): string {
  if (piece === '') return ''
  const runs = piece.match(/`+/g) ?? []
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)))
  const pad = /^`|`$|^ .* $/.test(piece) ? ' ' : ''
  return `${fence}${pad}${piece}${pad}${fence}`
}

function cut(text: string): string {
  const rest = text.length - MAX_QUOTED
  return rest <= 0 ? text : `${text.slice(0, MAX_QUOTED)} … (${rest} more characters)`
}

/** What is invisible, or turns the direction of writing around, is named: a reader must see what a rule compares with. */
function codePoint(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}
