import type { PathMatch } from '../config.ts'

/**
 * Puts another prefix in place of a route's: with `/v2` instead of `/api`, `/api/x` becomes `/v2/x`. Segments stay whole, and
 * there is never more than one slash in front: two would make the rest a host to whoever resolves it (RFC 3986 §4.2).
 * @param path canonical, and one that the route has
 * @param match the route's own; what is no prefix stays as it is
 * @param prefix begins with `/`
 */
export function replacePrefix(path: string, match: PathMatch, prefix: string): string {
  if (!('prefix' in match)) return path
  const rest = match.prefix === '/' ? path : path.slice(match.prefix.length)
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  return `/${`${base}${rest}`.replace(/^\/+/, '')}`
}
