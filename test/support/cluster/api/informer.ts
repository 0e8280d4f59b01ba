import { setTimeout as delay } from 'node:timers/promises'

import type { Connection } from './connection.ts'
import type { KubeObject } from './objects.ts'

const RETRY_MS = 250

/** A collection as it is now, kept by a watch. */
export interface Informer {
  get(namespace: string | undefined, name: string): KubeObject | undefined
  all(): KubeObject[]
  /** When everything that there was at the start is here. */
  synced: Promise<void>
  close(): void
}

/** Told of each object that is new, changed, or gone. */
export type Listener = (object: KubeObject, gone: boolean) => void

/**
 * Lists a collection and follows its changes until it is closed.
 * @param path the collection, with `?labelSelector=` where only some are wanted
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function follow(connection: Connection, path: string, changed: Listener): Informer {
  const objects = new Map<string, KubeObject>()
  const synced = Promise.withResolvers<void>()
  const stop = new AbortController()
  const keyOf = ({ metadata }: KubeObject): string => key(metadata.namespace, metadata.name)
  const query = (rest: string): string => `${path}${path.includes('?') ? '&' : '?'}${rest}`

  const put = (object: KubeObject): void => {
    objects.set(keyOf(object), object)
    changed(object, false)
  }
  const drop = (object: KubeObject): void => {
    if (objects.delete(keyOf(object))) changed(object, true)
  }
  async function list(): Promise<string> {
    const answer = (await connection.request('GET', path)) as { metadata: Version; items: KubeObject[] }
    const present = new Set(answer.items.map(keyOf))
    for (const [name, object] of objects) if (!present.has(name)) drop(object)
    for (const object of answer.items) put(object)
    synced.resolve()
    return answer.metadata.resourceVersion
  }
  async function watch(from: string): Promise<void> {
    let version = from
    for (;;) {
      const ask = query(`watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=${version}`)
      for await (const line of connection.lines(ask, stop.signal)) {
        const { type, object } = JSON.parse(line) as { type: string; object: KubeObject }
        // The server has forgotten this version: everything anew.
        if (type === 'ERROR') return
        version = object.metadata.resourceVersion ?? version
        if (type === 'DELETED') drop(object)
        else if (type !== 'BOOKMARK') put(object)
      }
    }
  }
  void (async () => {
    while (!stop.signal.aborted) {
      try {
        await watch(await list())
      } catch {
        // Whatever it was: the collection is listed again, which is what makes it right.
      }
      await delay(RETRY_MS)
    }
  })()

  return {
    get: (namespace, name) => objects.get(key(namespace, name)),
    all: () => [...objects.values()],
    synced: synced.promise,
    close: () => stop.abort(),
  }
}

function key(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}

interface Version {
  resourceVersion: string
}
