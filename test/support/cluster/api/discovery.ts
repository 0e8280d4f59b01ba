import type { Connection } from './connection.ts'
import { isNotFound } from './error.ts'

/** Where the API has the objects of a kind. */
export interface Resource {
  /** `/api/v1`, `/apis/apps/v1`… */
  root: string
  /** Plural: `deployments`. */
  resource: string
  namespaced: boolean
}

/** Which kinds the server knows. */
export interface Discovery {
  /** @throws Error that names the kind when the server has no such one */
  find(apiVersion: string, kind: string): Promise<Resource>
}

/**
 * Asks the server for the kinds of a group when one is looked for, and again when a kind is not among them: definitions of
 * custom resources come later.
 */
export function discover(connection: Connection): Discovery {
  const known = new Map<string, Resource>()
  return {
    async find(apiVersion, kind) {
      const found = known.get(`${apiVersion} ${kind}`)
      if (found !== undefined) return found
      const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
      const answer = (await connection.request('GET', root).catch((error: unknown) => {
        if (isNotFound(error)) return { resources: [] }
        throw error
      })) as { resources: { name: string; kind: string; namespaced: boolean }[] }
      for (const { name, kind: its, namespaced } of answer.resources) {
        if (!name.includes('/')) known.set(`${apiVersion} ${its}`, { root, resource: name, namespaced })
      }
      const asked = known.get(`${apiVersion} ${kind}`)
      if (asked === undefined) throw new Error(`The API server knows no ${kind} in ${apiVersion}`)
      return asked
    },
  }
}
