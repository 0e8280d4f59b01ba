import type { Properties, PropertyValue } from '../../../../infra/provider/properties.ts'
import { restRequest, type RestAnswer, type RestRequest } from '../../../../infra/provider/rest.ts'

type Method = RestRequest['method']

/** Keycloak's administration API, as the official plugin uses it. */
export interface Administration {
  /**
   * @param path under `/admin`
   * @returns the parsed answer, and the last segment of its Location
   * @throws Error with status and body of a refusal, except 404 where that is asked for
   */
  ask(method: Method, path: string, body?: unknown): Promise<Answer>
  /** `gone` for 404. */
  find<Found>(path: string): Promise<Found | 'gone'>
  /** The plugin looks at the server's version and themes before it writes a client. */
  readServerInfo(): Promise<void>
}

interface Answer {
  body: unknown
  locationId: string
}

const DEADLINE_MS = 120_000

/** @param configuration arguments of `new keycloak.Provider(…)` */
export function createAdministration(configuration: () => Properties): Administration {
  let token: Promise<string> | undefined

  async function request(method: Method, path: string, body: unknown): Promise<RestAnswer> {
    const send = async (): Promise<RestAnswer> => {
      token ??= signIn(configuration())
      const bearer = await token
      const { url, basePath } = addressOf(configuration())
      const headers = { authorization: `Bearer ${bearer}` }
      const signal = AbortSignal.timeout(DEADLINE_MS)
      return restRequest({ method, url: `${url}${basePath}/admin${path}`, headers, body, signal, secrets: [bearer] })
    }
    const answer = await send()
    if (answer.status !== 401 && answer.status !== 403) return answer
    // The token may be too old, or older than the rights.
    token = undefined
    return send()
  }

  return {
    async ask(method, path, body) {
      const answer = await request(method, path, body)
      if (answer.status >= 400) throw refused(method, path, answer)
      return { body: answer.body, locationId: answer.headers.get('location')?.split('/').at(-1) ?? '' }
    },
    async find<Found>(path: string) {
      const answer = await request('GET', path, undefined)
      if (answer.status === 404) return 'gone'
      if (answer.status >= 400) throw refused('GET', path, answer)
      return answer.body as Found
    },
    async readServerInfo() {
      await this.ask('GET', '/serverinfo')
    },
  }
}

async function signIn(configuration: Properties): Promise<string> {
  const { url, basePath, realm } = addressOf(configuration)
  const path = `/realms/${realm}/protocol/openid-connect/token`
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: text(configuration['clientId']),
    client_secret: text(configuration['clientSecret']),
  })
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const secrets = [configuration['clientSecret']]
  const answer = await restRequest({ method: 'POST', url: url + basePath + path, headers: {}, body, signal, secrets })
  if (answer.status !== 200) throw refused('POST', path, answer)
  return (answer.body as { access_token: string }).access_token
}

function addressOf({ url, basePath, realm }: Properties): { url: string; basePath: string; realm: string } {
  return { url: text(url), basePath: typeof basePath === 'string' ? basePath : '', realm: text(realm) }
}

function refused(method: Method, path: string, { status, body }: RestAnswer): Error {
  return new Error(`error sending ${method} request to ${path}: ${status}. Response body: ${JSON.stringify(body)}`)
}

/** The frame records an imported resource under the id that it was asked for, `<realm>/…/<id>`; the plugin under `<id>`. */
export function bareId(id: PropertyValue | undefined): string {
  return text(id).split('/').at(-1) ?? ''
}

/** An input that is a text wherever the schema of the plugin has been kept. */
export function text(value: PropertyValue | undefined): string {
  if (typeof value !== 'string') throw new Error(`a text was expected, not ${typeof value}`)
  return value
}
