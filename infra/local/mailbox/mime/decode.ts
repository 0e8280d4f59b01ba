/**
 * Undoes a Content-Transfer-Encoding (RFC 2045 §6).
 * @param body octets, each a character (latin1)
 */
export function decodeTransfer(body: string, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64')
    case 'quoted-printable':
      return decodeQuotedPrintable(body)
    default:
      return Buffer.from(body, 'latin1')
  }
}

/** RFC 2045 §6.7; blanks before a line's end are a carrier's and not the author's. */
function decodeQuotedPrintable(body: string): Buffer {
  const joined = body
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .map((line) => line.trimEnd())
    .map((line) => (line.endsWith('=') ? line.slice(0, -1) : `${line}\r\n`))
    .join('')
  return Buffer.from(joined.replace(/=([0-9A-Fa-f]{2})/g, octetOf), 'latin1')
}

function octetOf(_whole: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}

/** Octets as text; a character set that nobody knows is read as UTF-8. */
export function decodeText(octets: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(octets)
  } catch (error) {
    if (error instanceof RangeError) return octets.toString('utf8')
    throw error
  }
}

/**
 * Reads encoded words in a header (RFC 2047 §2); blanks between two of them belong to neither (§6.2). Octets outside of them
 * are UTF-8 (RFC 6532 §3).
 */
export function decodeWords(value: string): string {
  const joined = Buffer.from(value, 'latin1')
    .toString('utf8')
    .replace(/\?=[ \t]+(?==\?)/g, '?=')
  return joined.replace(
    /=\?([\w-]{1,40})\?([BbQq])\?([^? ]*)\?=/g,
    (_whole, charset: string, kind: string, text: string) =>
      decodeText(
        kind.toUpperCase() === 'B'
          ? Buffer.from(text, 'base64')
          : Buffer.from(text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, octetOf), 'latin1'),
        charset,
      ),
  )
}
