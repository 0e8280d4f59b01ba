/**
 * Takes the gateway's own cookies out of a Cookie header; all others stay byte for byte, however odd they look.
 * @param header one Cookie header's value
 * @param own says whether a name is the gateway's
 * @returns what is left; undefined when nothing is
 * @see RFC 6265 §5.4
 */
export function withoutOwnCookies(header: string, own: (name: string) => boolean): string | undefined {
  const pairs = header.split(';')
  const others = pairs.filter((pair) => !own(cookieName(pair)))
  if (others.length === pairs.length) return header
  const rest = others.join(';').trim()
  return rest === '' ? undefined : rest
}

/**
 * Says whether a Set-Cookie would write a cookie of the gateway. `=name=value` counts: browsers of old keep it as a
 * cookie without a name, and send it as `name=value`.
 * @param header one Set-Cookie header's value
 * @param own says whether a name is the gateway's
 * @see RFC 6265bis §5.7
 */
export function setsOwnCookie(header: string, own: (name: string) => boolean): boolean {
  return own(cookieName(header))
}

/** Trims more than a browser does: a name that only a lenient parser reads as ours is ours. */
function cookieName(text: string): string {
  const equals = text.indexOf('=')
  const plain = equals > 0 ? text.slice(0, equals).trim() : ''
  if (plain !== '' && !plain.includes(';')) return plain
  const from = text.search(NAME_BEGINS)
  if (from === -1) return ''
  const length = text.slice(from).search(NAME_ENDS)
  return (length === -1 ? text.slice(from) : text.slice(from, from + length)).trim()
}

const NAME_BEGINS = /[^\s=]/
const NAME_ENDS = /[=;]/
