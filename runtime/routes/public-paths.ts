import type { RouteConfig } from '../config.ts'
import { createPathTable } from './paths.ts'

/** What of a route says what everybody may open. */
export type PublicConfig = Pick<RouteConfig, 'publicPaths'> & {
  access: { allow: string } | { public: string }
}

const everywhere = (): boolean => true
const nowhere = (): boolean => false

/**
 * Makes the test whether everybody may open a path of a route, the canonical one.
 * @throws Error for a pattern that is not RE2, or a path that is there twice
 */
export function createPublicPaths({ access, publicPaths }: PublicConfig): (path: string) => boolean {
  if (!('allow' in access)) return everywhere
  if (publicPaths.length === 0) return nowhere
  const open = createPathTable(publicPaths.map(({ path }, index) => ({ name: String(index), path, value: true })))
  return (path) => open.find(path) === true
}
