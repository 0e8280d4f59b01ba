import { alternatives } from '../runtime/policy/index.ts'
import type { StackConfig } from './config/index.ts'

/**
 * Who may pass, for reviewers: route → rule → words. Each way to pass is an entry of its own, so that a preview shows a
 * new one as one added line.
 */
export function describeAccess(routes: StackConfig['routes']): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(routes).map(([id, route]) => [
      id,
      route.allow === undefined
        ? { public: `everybody, without signing in (${route.public ?? ''})` }
        : Object.fromEntries(alternatives(route.allow).map(({ rule, words }) => [rule, words])),
    ]),
  )
}
