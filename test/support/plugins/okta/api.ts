import type { Properties, PropertyValue } from '../../../../infra/provider/properties.ts'
import { refusal } from '../../../../infra/provider/refusal.ts'
import { type RestAnswer, type RestRequest, restRequest } from '../../../../infra/provider/rest.ts'

/** The organisation's API, as the provider is configured. */
export interface Api {
  /** @returns the parsed body; `missing` for a 404 */
  call(method: RestRequest['method'], path: string, signal: AbortSignal, body?: object): Promise<unknown>
  /** Follows the Link headers to the end. */
  list(path: string, signal: AbortSignal): Promise<Properties[] | 'missing'>
}

/**
 * Reaches the organisation where the official plugin would: at `httpProxy` (or OKTA_HTTP_PROXY), else at
 * `https://<orgName>.<baseUrl>`.
 */
export function createApi(configuration: () => Properties): Api {
  const send = async (method: RestRequest['method'], url: string, signal: AbortSignal, body?: object) => {
    const token = textOf(configuration()['apiToken'])
    const headers = { authorization: `SSWS ${token}` }
    const answer = await restRequest({ method, url, headers, signal, secrets: [token], ...(body ? { body } : {}) })
    if (answer.status >= 400 && answer.status !== 404) throw refusal(`${method} at`, url, answer, [token])
    return answer
  }
  const origin = (): string => {
    const { httpProxy, orgName, baseUrl } = configuration()
    const proxy = httpProxy ?? process.env['OKTA_HTTP_PROXY']
    return proxy ? textOf(proxy) : `https://${textOf(orgName)}.${textOf(baseUrl)}`
  }
  return {
    async call(method, path, signal, body) {
      const answer = await send(method, origin() + path, signal, body)
      return answer.status === 404 ? 'missing' : answer.body
    },
    async list(path, signal) {
      const all: Properties[] = []
      for (let url: string | undefined = origin() + path; url !== undefined;) {
        const answer = await send('GET', url, signal)
        if (answer.status === 404) return 'missing'
        all.push(...(answer.body as Properties[]))
        url = nextOf(answer)
      }
      return all
    },
  }
}

function nextOf({ headers }: RestAnswer): string | undefined {
  return /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
}

/** A property that has to be a text. */
export function textOf(value: PropertyValue | undefined): string {
  if (typeof value !== 'string') throw new TypeError('a text is missing')
  return value
}
