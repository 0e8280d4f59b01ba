import type { Phrase } from './phrase.ts'

/** Control and format characters, blanks other than the usual one, and what is drawn as nothing or as a blank. */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** A longer text is cut, which is said; GitHub takes comments of up to 65,536 characters. */
const MAX_QUOTED = 600

/**
 * Renders a phrase as GitHub Flavored Markdown. The stack file's texts stand in code spans, where nothing is a link, a
 * mention, HTML or an image (GFM §6.3); a pipe, which would end a table's cell even there, stands outside as an entity.
 */
export function markdown({ parts }: Phrase): string {
  return parts.map((part) => (typeof part === 'string' ? part : codeSpan(part.quoted))).join('')
}

/** GitHub takes comments of up to 65,536 characters; the rest is for what is put below. */
const MAX_PAGE = 56_000

/** A part of a page; one without lines is left out. */
export interface Section {
  title: string
  /** Markdown, a whole paragraph, row or entry each. */
  lines: readonly string[]
}

/**
 * @param heading Markdown, without its `##`
 * @param verdict in our own words
 * @returns Markdown that ends with a line feed; one that is too long for a comment is cut at a line, which is said on top
 */
export function page(heading: string, verdict: string, sections: readonly Section[]): string {
  const lines = sections
    .filter((section) => section.lines.length > 0)
    .flatMap((section) => ['', `### ${section.title}`, '', ...section.lines])
  let length = 0
  const fitting = lines.findIndex((line) => (length += line.length + 1) > MAX_PAGE)
  const shown = fitting === -1 ? lines : lines.slice(0, fitting)
  const rest = lines.length - shown.length
  const warning = rest > 0 ? ['', `**${rest} more lines do not fit here: run \`npm run review\` to see them.**`] : []
  return [`## ${heading}`, '', `**${verdict}**`, ...warning, ...shown, ''].join('\n')
}

/** @param head and cells: Markdown already @returns a table, and nothing where it has no row */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** @param text of a stack file, whatever it is */
function codeSpan(text: string): string {
  const visible = cut(text.replaceAll(/[ \t\r\n]+/g, ' ').replaceAll(/^ | $/g, '')).replaceAll(UNSEEN, codePoint)
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
