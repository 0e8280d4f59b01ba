import type { PathMatch, RedirectConfig } from '../config.ts'
import { replacePrefix } from './rewrite.ts'

/** A canonical target, with the `?` of its query. */
interface Target {
  path: string
  query: string
}

/**
 * Where a redirect leads (RFC 9110 §10.2.2): an absolute URL, made of configuration and the canonical target alone, so that no
 * Host and no `//evil` in a path can lead elsewhere.
 * @param origin of the host that was asked, as the configuration has it
 * @param match the route's own path
 */
export function redirectLocation(redirect: RedirectConfig, origin: string, match: PathMatch, target: Target): string {
  const path = redirectPath(redirect, match, target.path)
  return `${redirect.origin ?? origin}${path}${redirect.keepQuery ? target.query : ''}`
}

function redirectPath({ path: change }: RedirectConfig, match: PathMatch, path: string): string {
  if (change === undefined) return replacePrefix(path, { prefix: '/' }, '/')
  return 'replace' in change ? change.replace : replacePrefix(path, match, change.prefix)
}
