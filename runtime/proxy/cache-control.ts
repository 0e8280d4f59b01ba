/** A directive, with a quoted argument kept whole; an unterminated quote takes the rest. */
const DIRECTIVE = /(?:[^,"]|"(?:\\.|[^"\\])*"?)+/g

/** `private="field"` binds that field alone, so it goes too. */
const SHARED = new Set(['public', 's-maxage', 'private'])

/**
 * Makes what a protected route answers uncacheable for shared caches, whatever the upstream said: `max-age` alone, or
 * nothing at all, would let them keep it as well.
 * @param values all values of Cache-Control
 * @returns the one value to send instead; it has `private` or `no-store`
 * @see RFC 9111 §3, §5.2.2
 */
export function privateCacheControl(values: readonly string[]): string {
  if (values.length === 0) return 'private'
  const directives = (values.join(',').match(DIRECTIVE) ?? []).map((text) => text.trim()).filter((text) => text !== '')
  const kept = directives.filter((directive) => !SHARED.has(directiveName(directive)))
  return kept.some((directive) => directiveName(directive) === 'no-store')
    ? kept.join(', ')
    : ['private', ...kept].join(', ')
}

function directiveName(directive: string): string {
  return (directive.split('=', 1)[0] ?? '').trim().toLowerCase()
}
