import { pathMatch } from '../../infra/config/index.ts'
import type { StackReading } from '../../infra/review/index.ts'
import { createHostTable, createPathTable, hostKeysOf, isOwnPath } from '../../runtime/routes/index.ts'
import { canonicalTarget, hostKey } from '../../runtime/wire/index.ts'

/** A stack file with its defaults, and no secret in it. */
export type Stack = Extract<StackReading, { state: 'read' }>['stack']
export type Route = Stack['routes'] extends ReadonlyMap<string, infer Value> ? Value : never

/** Where a URL leads. */
export type Place =
  | { kind: 'route'; id: string; route: Route; host: string; path: string }
  /** The login host's own pages, or the gateway's own at an app's host: everybody may open them. */
  | { kind: 'own' }
  | { kind: 'nothing'; why: string }

/** Finds the route of a URL as the gateway does: by host, then by canonical path. */
export function findPlace({ url: login, routes }: Stack, url: URL): Place {
  const key = hostKey(url.host) ?? ''
  if (login !== undefined && hostKeysOf(login).includes(key)) return { kind: 'own' }
  const byHost = Map.groupBy(routes, ([, { from }]) => from)
  const found = createHostTable([...byHost].map(([from, value]) => ({ from, value }))).find(key)
  if (!found) return { kind: 'nothing', why: `no route of the stack is at ${url.host}` }
  // Whether `%2F` may stand in a path is the route's to say, which is not known before the path.
  const allowEncodedSlash = found.value.some(([, route]) => route.allowEncodedSlash)
  const target = canonicalTarget(url.pathname + url.search, { allowEncodedSlash })
  if ('code' in target) return { kind: 'nothing', why: 'its path has more than one reading, so that it is refused' }
  const speaksPomerium = found.value.some(([, route]) => route.identity?.pomerium === true)
  if (isOwnPath(target.path, { speaksPomerium })) return { kind: 'own' }
  const paths = found.value.map(([id, route]) => ({ name: id, path: pathMatch(route), value: { id, route } }))
  const match = createPathTable(paths).find(target.path)
  if (!match) return { kind: 'nothing', why: `no route at ${url.host} has the path ${target.path}` }
  return { kind: 'route', ...match, host: new URL(found.origin).host, path: target.path }
}

/** @returns why everybody may open a path of a route, where they may */
export function publicReason(route: Route, path: string): string | undefined {
  if (route.allow === undefined) return route.public ?? ''
  const paths = route.publicPaths.map((entry, index) => ({
    name: String(index),
    path: pathMatch(entry),
    value: entry.reason,
  }))
  return createPathTable(paths).find(path)
}
