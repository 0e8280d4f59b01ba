import { setTimeout as sleep } from 'node:timers/promises'

import type { Properties } from '../../../../infra/provider/properties.ts'
import { refusal } from '../../../../infra/provider/refusal.ts'
import { type RestAnswer, restRequest } from '../../../../infra/provider/rest.ts'

/** How often a request is repeated that meets a replica which does not know a new object yet, and the wait in milliseconds. */
const TRIES = 20
const WAIT_MS = 50

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Microsoft Graph as the official plugin speaks to it. */
export interface Graph {
  url: string
  callerId: string
  /** Any answer. */
  ask(method: Method, path: string, body?: object): Promise<RestAnswer>
  /** @throws ProviderError unless it succeeds; a 404 is repeated for a while */
  insist(method: Method, path: string, body?: object): Promise<Record<string, unknown>>
  /** Over all pages. */
  list(path: string): Promise<Record<string, unknown>[]>
}

/**
 * Signs in with the provider's arguments: `metadataHost`, `tenantId`, `clientId`, `clientSecret`.
 * @param configuration of the provider; the stand-in knows no cloud by name
 */
export async function openGraph(configuration: Properties, signal: AbortSignal): Promise<Graph> {
  const { metadataHost, tenantId, clientId, clientSecret } = configuration as Record<string, string>
  if (!metadataHost || !tenantId || !clientId || !clientSecret)
    throw new Error('an argument of the provider is missing')
  const secrets = [clientSecret]
  const metadataUrl = `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`
  const metadata = await restRequest({ method: 'GET', url: metadataUrl, headers: {}, signal, secrets })
  const { authentication, microsoftGraphResourceId: graph } = metadata.body as {
    authentication: { loginEndpoint: string }
    microsoftGraphResourceId: string
  }
  const tokenUrl = `${authentication.loginEndpoint}/${tenantId}/oauth2/v2.0/token`
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const body = new URLSearchParams({ ...grant, scope: `${graph}/.default` })
  const token = await restRequest({ method: 'POST', url: tokenUrl, headers: {}, body, signal, secrets })
  if (token.status !== 200) throw refusal('sign in at', tokenUrl, token, secrets)
  const accessToken = (token.body as { access_token: string }).access_token
  const { oid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as { oid: string }

  const headers = { authorization: `Bearer ${accessToken}` }
  const url = `${graph}/v1.0`
  const send = (method: Method, address: string, sent?: object) =>
    restRequest({ method, url: address, headers, body: sent, signal, secrets: [...secrets, accessToken] })
  return {
    url,
    callerId: oid,
    ask: (method, path, sent) => send(method, url + path, sent),
    async insist(method, path, sent) {
      for (let tries = 1; ; tries += 1) {
        const answer = await send(method, url + path, sent)
        if (answer.status < 300) return (answer.body ?? {}) as Record<string, unknown>
        const isBehind =
          [404, 409].includes(answer.status) || JSON.stringify(answer.body).includes('valid application object')
        if (!isBehind || tries === TRIES) throw refusal(`${method} at`, url + path, answer, secrets)
        await sleep(WAIT_MS, undefined, { signal })
      }
    },
    async list(path) {
      const found: Record<string, unknown>[] = []
      let next: string | undefined = url + path
      while (next !== undefined) {
        const answer: RestAnswer = await send('GET', next)
        if (answer.status !== 200) throw refusal('list', url + path, answer, secrets)
        const listed = answer.body as { value: Record<string, unknown>[]; '@odata.nextLink'?: string }
        found.push(...listed.value)
        next = listed['@odata.nextLink']
      }
      return found
    },
  }
}

/** Brings the owners of an application or service principal in line. */
export async function setOwners(graph: Graph, path: string, wanted: readonly string[]): Promise<void> {
  const present = (await graph.list(`${path}/owners`)).map(({ id }) => String(id))
  for (const id of wanted.filter((owner) => !present.includes(owner))) {
    await graph.insist('POST', `${path}/owners/$ref`, { '@odata.id': `${graph.url}/directoryObjects/${id}` })
  }
  for (const id of present.filter((owner) => !wanted.includes(owner))) {
    await graph.insist('DELETE', `${path}/owners/${id}/$ref`)
  }
}
