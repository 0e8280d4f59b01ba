import { decodeText, decodeTransfer, decodeWords } from './decode.ts'
import { type Header, headerOf, readParameters, splitPart } from './headers.ts'

/** Deeper parts, and more of them, are left out. */
const DEPTH_AT_MOST = 8
const PARTS_AT_MOST = 50

/** A picture that the HTML part shows as `cid:<id>` (RFC 2392). */
export interface ParsedImage {
  id: string
  type: string
  content: Buffer
}

/** What a mail says, for showing it. */
export interface ParsedMail {
  /** Name in lower case → value, decoded; of several the first. */
  headers: ReadonlyMap<string, string>
  subject: string
  from: string
  to: string
  /** Empty where there is no such part. */
  text: string
  html: string
  images: readonly ParsedImage[]
  /** http(s) addresses in the text and in the HTML part, in order, each once. */
  links: readonly string[]
}

interface Leaf {
  headers: readonly Header[]
  type: string
  charset: string
  content: Buffer
}

/**
 * Reads a mail (RFC 5322, RFC 2045) as far as it takes to show those that a gateway sends. It never throws: what it cannot read
 * is left out or shown as it came.
 * @param source as it came over SMTP
 */
export function parseMail(source: Buffer): ParsedMail {
  const { headers } = splitPart(source.toString('latin1'))
  const leaves: Leaf[] = []
  collectLeaves(source.toString('latin1'), leaves, 0)
  const text = textOf(leaves, 'text/plain')
  const html = textOf(leaves, 'text/html')
  const decoded = new Map(headers.toReversed().map(([name, value]) => [name, decodeWords(value)]))
  return {
    headers: decoded,
    subject: decoded.get('subject') ?? '',
    from: decoded.get('from') ?? '',
    to: decoded.get('to') ?? '',
    text,
    html,
    images: leaves.filter(({ type }) => type.startsWith('image/')).map(toImage),
    links: findLinks(text, html),
  }
}

function collectLeaves(source: string, leaves: Leaf[], depth: number): void {
  if (depth > DEPTH_AT_MOST || leaves.length >= PARTS_AT_MOST) return
  const { headers, body } = splitPart(source)
  const { value, parameters } = readParameters(headerOf(headers, 'content-type'))
  const boundary = parameters.get('boundary') ?? ''
  if (value.startsWith('multipart/') && boundary !== '') {
    for (const part of splitParts(body, boundary)) collectLeaves(part, leaves, depth + 1)
    return
  }
  leaves.push({
    headers,
    type: value || 'text/plain',
    charset: parameters.get('charset') ?? 'utf-8',
    content: decodeTransfer(body, headerOf(headers, 'content-transfer-encoding')),
  })
}

/** RFC 2046 §5.1.1: what stands between delimiter lines; the line end before a delimiter is its own. */
function splitParts(body: string, boundary: string): string[] {
  const parts: string[] = []
  let current: string[] | undefined
  for (const line of body.split('\n')) {
    const bare = line.trimEnd()
    if (bare !== `--${boundary}` && bare !== `--${boundary}--`) {
      current?.push(line)
      continue
    }
    if (current && parts.length < PARTS_AT_MOST) parts.push(current.join('\n').replace(/\r$/, ''))
    current = bare.endsWith(`${boundary}--`) ? undefined : []
  }
  return parts
}

function textOf(leaves: readonly Leaf[], type: string): string {
  const leaf = leaves.find((part) => part.type === type)
  return leaf === undefined ? '' : decodeText(leaf.content, leaf.charset).replace(/\r\n/g, '\n')
}

function toImage({ headers, type, content }: Leaf): ParsedImage {
  return { id: headerOf(headers, 'content-id').replace(/^<|>$/g, ''), type, content }
}

function findLinks(text: string, html: string): string[] {
  const inText = text.match(/https?:\/\/[^\s<>"]+/g) ?? []
  const inHtml = [...html.matchAll(/\bhref="(https?:[^"]+)"/g)].map((match) => unescapeHtml(match[1] ?? ''))
  return [...new Set([...inText, ...inHtml])]
}

function unescapeHtml(value: string): string {
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
