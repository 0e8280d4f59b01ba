import { once } from 'node:events'
import {
  Agent,
  type IncomingMessage,
  request as sendRequest,
  type RequestOptions,
  type ServerResponse,
} from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

import type { Cluster } from '../cluster/index.ts'
import type { TestCertificate } from '../idp/index.ts'

/** What stands in front of a cluster, does what its Ingresses say, and ends TLS. */
export interface Edge {
  port: number
  /** How many requests got no answer from a pod, and went to another one. */
  retries: () => number
  close(): Promise<void>
}

type ServiceAddress = Awaited<ReturnType<Cluster['serviceAddress']>>

interface Ingress {
  spec: { ingressClassName?: string; rules?: Rule[] }
}

interface Rule {
  host?: string
  http?: { paths: { path?: string; pathType: string; backend: { service: { name: string; port: Port } } }[] }
}

interface Port {
  name?: string
  number?: number
}

/**
 * Starts an ingress controller of the class `nginx`, as far as one is needed: hosts and path prefixes to Services, GETs that
 * go again, and X-Forwarded-For.
 */
export async function startEdge(cluster: Cluster, namespace: string, certificate: TestCertificate): Promise<Edge> {
  const addresses = new Map<string, Promise<ServiceAddress>>()
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })
  let rules: Rule[] = []
  let retries = 0

  async function backendOf(host: string, path: string): Promise<ServiceAddress | undefined> {
    const backend = matching(rules, host, path) ?? matching((rules = await readRules(cluster, namespace)), host, path)
    if (!backend) return undefined
    const port = backend.port.number ?? backend.port.name ?? ''
    const key = `${backend.name}:${port}`
    const address = addresses.get(key) ?? cluster.serviceAddress(namespace, backend.name, port)
    addresses.set(key, address)
    return address
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '')
    const address = await backendOf(host, request.url ?? '/')
    if (!address) {
      response.writeHead(404).end('no Ingress has this host')
      return
    }
    const body = await buffer(request)
    const options = {
      agent,
      host: address.host,
      port: address.port,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, 'x-forwarded-for': request.socket.remoteAddress, 'x-forwarded-proto': 'https' },
    }
    const answered = await exchange(options, body, () => (retries += 1))
    response.writeHead(answered.statusCode ?? 502, answered.rawHeaders)
    answered.pipe(response)
    answered.once('error', () => response.destroy())
  }

  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502).end(String(error))
    })
  })
  // Longer than any test: it is the clients that end their connections.
  server.keepAliveTimeout = 600_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    retries: () => retries,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
      agent.destroy()
      await Promise.all([...addresses.values()].map(async (address) => (await address).close()))
    },
  }
}

async function readRules(cluster: Cluster, namespace: string): Promise<Rule[]> {
  const items = await cluster.api.list(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`)
  return (items as unknown as Ingress[])
    .filter(({ spec }) => spec.ingressClassName === 'nginx')
    .flatMap(({ spec }) => spec.rules ?? [])
}

/** The longest prefix wins; none but Prefix and Exact is known. */
function matching(rules: readonly Rule[], host: string, target: string): { name: string; port: Port } | undefined {
  const path = target.split('?')[0] ?? '/'
  const paths = rules.filter((rule) => rule.host === host).flatMap((rule) => rule.http?.paths ?? [])
  const fitting = paths.filter(({ path: prefix = '/', pathType }) => {
    if (pathType === 'Exact') return path === prefix
    return prefix === '/' || path === prefix || path.startsWith(`${prefix.replace(/\/$/, '')}/`)
  })
  return fitting.toSorted((a, b) => (b.path ?? '').length - (a.path ?? '').length)[0]?.backend.service
}

/** A GET that got no answer goes again, to whichever pod is next (RFC 9110 §9.2.2); three tries, as ingress-nginx has it. */
async function exchange(
  options: RequestOptions,
  body: Buffer,
  retried: () => void,
  tries = 3,
): Promise<IncomingMessage> {
  const request = sendRequest(options)
  request.end(body)
  try {
    const [answered] = (await once(request, 'response')) as [IncomingMessage]
    return answered
  } catch (error) {
    if (tries === 1 || options.method !== 'GET') throw error
    retried()
    return exchange({ ...options, agent: false }, body, retried, tries - 1)
  }
}
