/** What makes a second reading possible; nearly no path has any of it. */
const HAS_SECOND_READING = /[%;]|\/\//

/** Escaped more than once. */
const DOUBLE_ESCAPE = /%(?:25)+(?=[0-9A-F]{2})/gi

/** What stands in a segment as it is (RFC 3986 §3.3, `pchar`), and the slash: escaped, it means the same to many servers. */
const READABLE = /[A-Za-z0-9._~!$&'()*+,;=:@/-]/

/** Nobody decodes more often. */
const MAX_PASSES = 4

/**
 * How a less careful server may read a canonical path: with needless escapes decoded, more than once, with path parameters cut
 * off (as servlet containers do) and slashes merged (as nginx does). `/%40x`, `//admin` and `/admin;x` are `/@x` and `/admin`
 * somewhere.
 * @param path canonical
 * @returns the path itself where there is one reading
 */
export function looseReading(path: string): string {
  if (!HAS_SECOND_READING.test(path)) return path
  let read = path
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    read = read.replace(DOUBLE_ESCAPE, '%').replace(/%[0-9A-F]{2}/gi, plain)
  }
  return read.replace(/;[^/]*/g, '').replace(/\/{2,}/g, '/')
}

function plain(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  return READABLE.test(character) ? character : escape.toUpperCase()
}
