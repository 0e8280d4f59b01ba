import { refusal } from '../../../../infra/provider/refusal.ts'
import { type Pause, restRequest, type RestAnswer } from '../../../../infra/provider/rest.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import { text } from './inputs.ts'

/** A tenant's Management API as the provider's arguments describe it. */
export interface Management {
  /**
   * @param path under `/api/v2/`
   * @returns what it answered, parsed
   * @throws ProviderError for anything that is no success
   */
  ask(method: Method, path: string, signal: AbortSignal, body?: object): Promise<Properties>
  /** The same, where a thing may be gone. */
  find(path: string, signal: AbortSignal): Promise<Properties | 'gone'>
  /** All pages of a list. */
  list(name: string, path: string, query: Record<string, string>, signal: AbortSignal): Promise<Properties[]>
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/**
 * @param configuration arguments of the provider: `domain`, `clientId`, `clientSecret`
 * @param pause how to wait before a request is sent again
 */
export function createManagement(configuration: () => Properties, pause?: Pause): Management {
  let token: Promise<string> | undefined

  async function send(method: Method, path: string, signal: AbortSignal, body?: object): Promise<RestAnswer> {
    const { clientSecret } = configuration()
    const domain = text(configuration(), 'domain')
    token ??= fetchToken(configuration(), signal)
    const secrets = [clientSecret, await token]
    const headers = { authorization: `Bearer ${await token}` }
    return restRequest({ method, url: `https://${domain}/api/v2/${path}`, headers, body, signal, secrets }, pause)
  }

  function success(doing: string, path: string, answer: RestAnswer): Properties {
    if (answer.status < 300) return (answer.body ?? {}) as Properties
    throw refusal(doing, `/api/v2/${path}`, answer, [configuration()['clientSecret']])
  }

  const management: Management = {
    async ask(method, path, signal, body) {
      return success(method, path, await send(method, path, signal, body))
    },
    async find(path, signal) {
      const answer = await send('GET', path, signal)
      return answer.status === 404 ? 'gone' : success('GET', path, answer)
    },
    async list(name, path, query, signal) {
      const items: Properties[] = []
      for (let page = 0; ; page += 1) {
        const parameters = { ...query, include_totals: 'true', page: String(page), per_page: '100' }
        const answer = await management.ask('GET', `${path}?${new URLSearchParams(parameters).toString()}`, signal)
        items.push(...(answer[name] as Properties[]))
        if (Number(answer['total']) <= Number(answer['start']) + Number(answer['limit'])) return items
      }
    },
  }
  return management
}

async function fetchToken(configuration: Properties, signal: AbortSignal): Promise<string> {
  const domain = text(configuration, 'domain')
  const clientSecret = text(configuration, 'clientSecret')
  const url = `https://${domain}/oauth/token`
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: text(configuration, 'clientId'),
    client_secret: clientSecret,
    audience: `https://${domain}/api/v2/`,
  })
  const answer = await restRequest({ method: 'POST', url, headers: {}, body, signal, secrets: [clientSecret] })
  const { access_token: token } = (answer.body ?? {}) as { access_token?: unknown }
  if (answer.status === 200 && typeof token === 'string') return token
  throw refusal('get a token from', url, answer, [clientSecret])
}
