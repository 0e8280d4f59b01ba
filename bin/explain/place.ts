import { pathMatch } from '../../infra/config/index.ts'
import { acceptedAt, type StackReading } from '../../infra/review/index.ts'
import { planRoute } from '../../infra/route-plan.ts'
import type { TextFiles } from '../../infra/stack-files.ts'
import type { RouteConfig } from '../../runtime/config.ts'
import {
  createHostTable,
  createPathTable,
  createRouteTable,
  createPublicPaths,
  findAtHost,
  hostKeysOf,
  isAmbiguous,
  type LocatedHost,
} from '../../runtime/routes/index.ts'
import { canonicalTarget, hostKey, type WireRefusal } from '../../runtime/wire/index.ts'
import type { Address } from './address.ts'

/** A stack file with its defaults, and no secret in it. */
export type Stack = Extract<StackReading, { state: 'read' }>['stack']
export type Route = Stack['routes'] extends ReadonlyMap<string, infer Value> ? Value : never

/** Nothing is read: which files a certificate is in says nothing of who may pass. */
const NO_FILES: TextFiles = { text: unread }

/** Where an address leads. */
export type Place =
  | { kind: 'route'; id: string; route: Route; host: string; path: string }
  /** The login host's own pages, or the gateway's own at an app's host: everybody may open them. */
  | { kind: 'own' }
  | { kind: 'nothing'; why: string }
  /** Whoever asks, and whatever the rules say. */
  | { kind: 'refused'; refusal: WireRefusal }

/** Finds the route of an address as the gateway does: by host, then by canonical path, refusing what it refuses. */
export function findPlace(stack: Stack, { host, target: text }: Address): Place {
  const { brands, routes } = stack
  const key = hostKey(host) ?? ''
  if ([...brands.values()].some(({ url }) => hostKeysOf(url).includes(key))) {
    const target = canonicalTarget(text, { allowEncodedSlash: false })
    return 'code' in target ? { kind: 'refused', refusal: target } : { kind: 'own' }
  }
  const byHost = Map.groupBy(routes, ([, { from }]) => from)
  const found = createHostTable([...byHost].map(([from, value]) => ({ from, value }))).find(key)
  if (!found) return { kind: 'nothing', why: `no route of the stack is at ${host}` }
  const at = findAtHost(hostOf(stack, found.value), text)
  if ('code' in at) return { kind: 'refused', refusal: at }
  if (at.kind === 'own') return { kind: 'own' }
  if (at.kind === 'nothing') return { kind: 'nothing', why: `no route at ${host} has the path ${text.split('?')[0]}` }
  const { id } = at.site
  const route = routes.get(id)
  if (!route) return { kind: 'nothing', why: `the stack has no route ${id}` }
  return { kind: 'route', id, route, host: new URL(found.origin).host, path: at.target.path }
}

/** A host as the gateway knows it. */
function hostOf(
  stack: Stack,
  entries: readonly (readonly [string, Route])[],
): LocatedHost<{ id: string; config: RouteConfig }> {
  const planned = entries.map(([id, route]) => ({
    id,
    config: planRoute({ ...route, tls: undefined }, acceptedAt(stack, route), NO_FILES),
  }))
  const table = createRouteTable(planned.map((route) => ({ ...route, isPublic: createPublicPaths(route.config) })))
  return {
    speaksPomerium: planned.some(({ config }) => config.identity.pomerium),
    allowsEncodedSlash: planned.some(({ config }) => config.allowEncodedSlash),
    routes: table,
    isAmbiguous: (path) => isAmbiguous(table, path),
  }
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

function unread(name: string): never {
  throw new Error(`${name} is not needed to say who may pass`)
}
