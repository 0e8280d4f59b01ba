import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Provider, type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider'

type Respond = (status: number, headers: object, body: string) => void
type Interceptor = (request: IncomingMessage, respond: Respond) => boolean

/** A real OpenID provider with dynamic registration (RFC 7591) and management (RFC 7592), on loopback. */
export interface RegistrationServer extends AsyncDisposable {
  issuer: string
  initialAccessToken: string
  /** `METHOD /path` of every request, in order. */
  requests: string[]
  /** Ids of all clients. */
  clientIds(): string[]
  /** The stored record of a client, to be edited behind everybody's back. */
  client(id: string): AdapterPayload
  remove(id: string): void
  /** Answers requests instead of the provider while it returns true. */
  intercept(handler: Interceptor): void
}

/** @param rotateRegistrationAccessToken whether every update voids the former registration access token */
export async function startRegistrationServer(rotateRegistrationAccessToken = true): Promise<RegistrationServer> {
  const store = new Map<string, AdapterPayload>()
  const requests: string[] = []
  const initialAccessToken = 'initial-access-token-of-the-test'
  let interceptor: Interceptor = neverIntercept
  let handle: RequestListener = ignore
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const respond = (status: number, headers: object, body: string) => {
      response.writeHead(status, { ...headers })
      response.end(body)
    }
    if (!interceptor(request, respond)) handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const configuration: Configuration = {
    adapter: (name) => memory(name, store),
    features: {
      backchannelLogout: { enabled: true },
      devInteractions: { enabled: false },
      registration: { enabled: true, initialAccessToken },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken },
    },
  }
  const provider = new Provider(issuer, configuration).callback()
  handle = (request, response) => void provider(request, response)

  return {
    issuer,
    initialAccessToken,
    requests,
    clientIds: () => [...store.keys()].filter((key) => key.startsWith('Client:')).map((key) => key.slice(7)),
    client(id) {
      const record = store.get(`Client:${id}`)
      if (record === undefined) throw new Error(`no client ${id}`)
      return record
    },
    remove: (id) => void store.delete(`Client:${id}`),
    intercept: (handler) => void (interceptor = handler),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const neverIntercept: Interceptor = () => false
const ignore: RequestListener = () => {}

function memory(name: string, store: Map<string, AdapterPayload>): Adapter {
  return {
    upsert: async (id, payload) => void store.set(`${name}:${id}`, payload),
    find: async (id) => store.get(`${name}:${id}`),
    destroy: async (id) => void store.delete(`${name}:${id}`),
    findByUserCode: async () => undefined,
    findByUid: async () => undefined,
    consume: async () => {},
    revokeByGrantId: async () => {},
  }
}
