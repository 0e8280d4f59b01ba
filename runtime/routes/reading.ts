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

/** What servers that go by a file system, or by the words of a path, take for the same as something else. */
const HAS_FOLDED_READING = /[A-Z%]|\.(?:\/|$)|[^/]\/$/

/** A segment that ends in a dot or a space, or is empty. */
const HAS_TAIL = /(?:\.|%20|\/)(?:\/|$)/

/** Characters beyond ASCII, in UTF-8. */
const NOT_ASCII = /(?:%[89A-F][0-9A-F])+/gi

/**
 * Whether the folded reading of a path may be another one than the path itself; nearly no path's is.
 * @param path a loose reading
 */
export function hasFoldedReading(path: string): boolean {
  return HAS_FOLDED_READING.test(path)
}

/**
 * How a server may read a path that takes upper and lower case for one (Express, IIS), leaves a slash at the end aside (Express),
 * and drops dots and spaces at the end of a segment (Windows). Characters that are another one in another shape are that one
 * (Unicode's NFKC). It is for comparing alone: its escapes are in lower case.
 * @param path a loose reading
 */
export function foldedReading(path: string): string {
  if (!HAS_FOLDED_READING.test(path)) return path
  const read = (path.includes('%') ? path.replace(NOT_ASCII, foldCharacters) : path).toLowerCase()
  const bare = read.length > 1 && read.endsWith('/') ? read.slice(0, -1) : read
  if (!HAS_TAIL.test(bare)) return bare
  const segments = bare.split('/').map(withoutTail)
  return `/${segments.filter((segment) => segment !== '').join('/')}`
}

function foldCharacters(escapes: string): string {
  try {
    return encodeURI(decodeURIComponent(escapes).normalize('NFKC').toUpperCase().toLowerCase())
  } catch {
    // Escaped twice, and no UTF-8 beneath: nobody has a route there.
    return escapes
  }
}

function withoutTail(segment: string): string {
  let end = segment.length
  for (;;) {
    if (segment.endsWith('.', end)) end -= 1
    else if (segment.endsWith('%20', end)) end -= 3
    else return segment.slice(0, end)
  }
}
