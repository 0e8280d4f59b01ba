/** A header field's name in lower case, and its value unfolded (RFC 5322 §2.2.3). */
export type Header = readonly [name: string, value: string]

/**
 * Splits a part into its header and its body.
 * @param source octets, each a character (latin1)
 */
export function splitPart(source: string): { headers: Header[]; body: string } {
  const blank = /\r?\n\r?\n/.exec(source)
  // A part may begin with the blank line: it has no header then (RFC 2046 §5.1.1).
  if (/^\r?\n/.test(source)) return { headers: [], body: source.replace(/^\r?\n/, '') }
  const head = blank ? source.slice(0, blank.index) : source
  const body = blank ? source.slice(blank.index + blank[0].length) : ''
  return { headers: readHeaders(head), body }
}

function readHeaders(head: string): Header[] {
  const headers: Header[] = []
  for (const line of head.split(/\r?\n/)) {
    const last = headers.at(-1)
    if (/^[ \t]/.test(line) && last) {
      headers[headers.length - 1] = [last[0], `${last[1]} ${line.trim()}`]
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0) headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()])
  }
  return headers
}

/** The first value of a field, or an empty text. */
export function headerOf(headers: readonly Header[], name: string): string {
  return headers.find(([field]) => field === name)?.[1] ?? ''
}

/** A value with parameters (RFC 2045 §5.1): `text/plain; charset="utf-8"`; the value and the names in lower case. */
export function readParameters(value: string): { value: string; parameters: ReadonlyMap<string, string> } {
  const [first = '', ...rest] = value.split(';')
  const parameters = rest.map((part) => {
    const [name = '', ...text] = part.split('=')
    return [
      name.trim().toLowerCase(),
      text
        .join('=')
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    ] as const
  })
  return { value: first.trim().toLowerCase(), parameters: new Map(parameters) }
}
