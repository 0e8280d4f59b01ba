import { type Connection, type Credentials, openConnection } from './connection.ts'
import { type Discovery, discover } from './discovery.ts'
import { isNotFound } from './error.ts'
import type { KubeObject, Manifest } from './objects.ts'

/** How a manifest is applied. */
export interface ApplyOptions {
  /** Who owns the fields that are applied; default: `test`. */
  fieldManager?: string
  /** Takes over what others own. Default: false, which makes a conflict an error. */
  force?: boolean
  /** Checked by everything that the server has, and not stored. */
  dryRun?: boolean
}

/** How an object is deleted. */
export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  /** Only the very one. */
  uid?: string
}

/** A thin client of the API: paths as the server has them, objects as it stored them. */
export interface ApiClient {
  /** @throws ApiError, `isNotFound` where there is none */
  get(path: string): Promise<KubeObject>
  /** The object, or nothing where there is none. */
  find(path: string): Promise<KubeObject | undefined>
  /** The items of a collection. */
  list(path: string): Promise<KubeObject[]>
  /**
   * Server-side apply, with the server's strict check of fields.
   * @throws ApiError with the server's words when it refuses the manifest
   */
  apply(manifest: Manifest, options?: ApplyOptions): Promise<KubeObject>
  /** @param path the collection */
  create(path: string, object: object): Promise<KubeObject>
  /** @param kind of patch; default: a JSON merge patch */
  patch(path: string, body: object, kind?: 'merge' | 'strategic'): Promise<KubeObject>
  /** Asks for the deletion; finalizers and grace may keep the object for a while. What is gone already is fine. */
  delete(path: string, options?: DeleteOptions): Promise<void>
  /** The path of an object, from what it says that it is. */
  pathOf(manifest: Manifest): Promise<string>
  close(): Promise<void>
}

/** A client of the API server at these credentials. */
export function openApi(credentials: Credentials): ApiClient & { connection: Connection } {
  const connection = openConnection(credentials)
  const discovery: Discovery = discover(connection)
  const get = async (path: string): Promise<KubeObject> => (await connection.request('GET', path)) as KubeObject

  const pathOf = async ({ apiVersion, kind, metadata }: Manifest): Promise<string> => {
    const { root, resource, namespaced } = await discovery.find(apiVersion, kind)
    const namespace = namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : ''
    return `${root}${namespace}/${resource}/${metadata.name}`
  }
  return {
    connection,
    get,
    find: (path) => get(path).catch(absent),
    async list(path) {
      return ((await connection.request('GET', path)) as { items: KubeObject[] }).items
    },
    async apply(manifest, { fieldManager = 'test', force = false, dryRun = false } = {}) {
      const query = new URLSearchParams({ fieldManager, force: String(force), fieldValidation: 'Strict' })
      if (dryRun) query.set('dryRun', 'All')
      const path = `${await pathOf(manifest)}?${query.toString()}`
      return (await connection.request('PATCH', path, manifest, 'application/apply-patch+yaml')) as KubeObject
    },
    create: async (path, object) => (await connection.request('POST', path, object)) as KubeObject,
    async patch(path, body, kind = 'merge') {
      const type = kind === 'merge' ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json'
      return (await connection.request('PATCH', path, body, type)) as KubeObject
    },
    async delete(path, { uid, ...options } = {}) {
      const body = { ...options, ...(uid === undefined ? {} : { preconditions: { uid } }) }
      await connection.request('DELETE', path, body).catch(absent)
    },
    pathOf,
    close: () => connection.close(),
  }
}

function absent(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
