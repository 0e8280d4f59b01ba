import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent, request as requestHttps, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'

import type { Properties } from '../../../../infra/provider/properties.ts'
import type { Access } from './kubeconfig.ts'
import { mapsAt, textAt } from './manifest.ts'

/** The API server refused; `reason` is its own word, such as `AlreadyExists`. */
export class Refused extends Error {
  readonly reason: string
  readonly status: number

  constructor(status: number, reason: string, message: string) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.reason = reason
  }
}

/** The cluster has no such kind. */
export class NoSuchKind extends Error {}

/** What is done with objects; every call ends with its signal. */
export interface Api {
  isNamespaced(object: Properties, signal: AbortSignal): Promise<boolean>
  create(object: Properties, fieldManager: string, options: Options): Promise<Properties>
  apply(object: Properties, fieldManager: string, options: Options & { force: boolean }): Promise<Properties>
  patchJson(object: Properties, patch: object[], signal: AbortSignal): Promise<Properties>
  get(object: Properties, signal: AbortSignal): Promise<Properties | 'missing'>
  /** Of another kind, in the namespace of an object. */
  list(path: string, query: Record<string, string>, signal: AbortSignal): Promise<Properties[]>
  delete(object: Properties, propagation: string, signal: AbortSignal): Promise<void>
}

interface Options {
  dryRun: boolean
  signal: AbortSignal
}

interface Sent {
  method: string
  path: string
  query?: Record<string, string>
  body?: object
  type?: string
  signal: AbortSignal
}

/** A client of the API server that knows kinds by asking for them. */
export function createApi(access: () => Access): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const kinds = new Map<string, Promise<Properties[]>>()
  const send = (sent: Sent): Promise<Properties> => exchange(access(), agent, sent)

  async function kindOfObject(
    object: Properties,
    signal: AbortSignal,
  ): Promise<{ plural: string; namespaced: boolean }> {
    const version = textAt(object, 'apiVersion')
    const known = kinds.get(version)
    const asked =
      known ?? send({ method: 'GET', path: rootOf(version), signal }).then((list) => mapsAt(list, 'resources'))
    kinds.set(version, asked)
    const all = await asked.catch((error: unknown) => {
      kinds.delete(version)
      if (error instanceof Refused && error.status === 404) return []
      throw error
    })
    const found = all.find((kind) => kind['kind'] === object['kind'] && !textAt(kind, 'name').includes('/'))
    if (!found) {
      // It may come with a definition that is about to be applied.
      kinds.delete(version)
      throw new NoSuchKind(`no matches for kind "${textAt(object, 'kind')}" in version "${version}"`)
    }
    return { plural: textAt(found, 'name'), namespaced: found['namespaced'] === true }
  }

  async function pathOf(object: Properties, signal: AbortSignal, named: boolean): Promise<string> {
    const { plural, namespaced } = await kindOfObject(object, signal)
    const space = namespaced ? `/namespaces/${textAt(object, 'metadata', 'namespace') || access().namespace}` : ''
    const name = named ? `/${textAt(object, 'metadata', 'name')}` : ''
    return `${rootOf(textAt(object, 'apiVersion'))}${space}/${plural}${name}`
  }

  return {
    isNamespaced: async (object, signal) => (await kindOfObject(object, signal)).namespaced,
    async create(body, fieldManager, { dryRun, signal }) {
      const query = { fieldManager, ...(dryRun ? { dryRun: 'All' } : {}) }
      return send({ method: 'POST', path: await pathOf(body, signal, false), query, body, signal })
    },
    async apply(body, fieldManager, { dryRun, signal, force }) {
      const query = { fieldManager, force: String(force), ...(dryRun ? { dryRun: 'All' } : {}) }
      const type = 'application/apply-patch+yaml'
      return send({ method: 'PATCH', path: await pathOf(body, signal, true), query, body, type, signal })
    },
    async patchJson(object, body, signal) {
      const type = 'application/json-patch+json'
      return send({ method: 'PATCH', path: await pathOf(object, signal, true), body, type, signal })
    },
    async get(object, signal) {
      try {
        return await send({ method: 'GET', path: await pathOf(object, signal, true), signal })
      } catch (error) {
        if (error instanceof NoSuchKind || (error instanceof Refused && error.status === 404)) return 'missing'
        throw error
      }
    },
    list: async (path, query, signal) => mapsAt(await send({ method: 'GET', path, query, signal }), 'items'),
    async delete(object, propagationPolicy, signal) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy }
      try {
        await send({ method: 'DELETE', path: await pathOf(object, signal, true), body, signal })
      } catch (error) {
        if (error instanceof NoSuchKind || (error instanceof Refused && error.status === 404)) return
        throw error
      }
    },
  }
}

/** `/api/v1`, `/apis/apps/v1` */
function rootOf(version: string): string {
  return version.includes('/') ? `/apis/${version}` : `/api/${version}`
}

async function exchange(access: Access, agent: Agent, sent: Sent): Promise<Properties> {
  const { authority, token, certificate, server } = access
  const url = new URL(sent.path, server)
  url.search = new URLSearchParams(sent.query).toString()
  const body = sent.body && JSON.stringify(sent.body)
  // Node gives the body of a DELETE no length by itself.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const options: RequestOptions = {
    agent,
    method: sent.method,
    signal: sent.signal,
    headers: {
      accept: 'application/json',
      ...length,
      ...(body === undefined ? {} : { 'content-type': sent.type ?? 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(authority ? { ca: authority } : {}),
    ...certificate,
  }
  const request = requestHttps(url, options)
  request.end(body)
  const answer = await answerTo(request, server)
  const content = await text(answer)
  const status = Number(answer.statusCode)
  const isJson = /^application\/json\b/.test(answer.headers['content-type'] ?? '')
  const parsed = (isJson ? JSON.parse(content) : {}) as Properties
  if (status < 400 && isJson) return parsed
  throw new Refused(status, textAt(parsed, 'reason'), textAt(parsed, 'message') || `${status} ${content.slice(0, 200)}`)
}

async function answerTo(request: ClientRequest, server: string): Promise<IncomingMessage> {
  try {
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    return answer
  } catch (error) {
    throw new Error(`configured Kubernetes cluster is unreachable: ${server}`, { cause: error })
  }
}
