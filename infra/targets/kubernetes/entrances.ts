import type { StackConfig } from '../../config/index.ts'

/** A host that leads to the gateway. */
export interface Entrance {
  /** A star stands for one label. */
  host: string
  /** What begins with it is the gateway's; of an app behind another proxy only what the gateway answers itself (docs/forward-auth.md). */
  path: '/' | '/.gatewright'
}

/** Every host that people open, in alphabetical order: login hosts and those of routes. */
export function entrancesOf({ brands, routes }: Pick<StackConfig, 'brands' | 'routes'>): Entrance[] {
  const logins = Object.values(brands).map(({ url }) => url)
  const apps = Object.values(routes)
  const whole = hostsOf([...logins, ...apps.filter(({ forwardAuth }) => !forwardAuth).map(({ from }) => from)])
  return [...hostsOf([...logins, ...apps.map(({ from }) => from)])]
    .toSorted()
    .map((host) => ({ host, path: whole.has(host) ? '/' : '/.gatewright' }))
}

/** A host as a part of an object's name. What stands for a star is at the end, where no host has it: there it would be a top-level domain. */
export function hostName(host: string): string {
  return host.startsWith('*.') ? `${host.slice(2)}.wildcard` : host
}

function hostsOf(origins: readonly string[]): Set<string> {
  return new Set(origins.map((origin) => new URL(origin).hostname))
}
