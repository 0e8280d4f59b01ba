import type { Asked, Handler } from '../server.ts'
import { answerClients } from './clients.ts'
import { answerUsers } from './users.ts'
import type { Realm } from './realm.ts'

/**
 * The administration API, as far as the plugin, the program and a directory use it.
 * @param tokens access token → client whose service account has it
 * @see https://www.keycloak.org/docs-api/latest/rest-api/
 */
export function createAdministration(realm: Realm, tokens: ReadonlyMap<string, string>): Handler {
  return (asked) => {
    const [admin, ...path] = asked.url.pathname.slice(1).split('/').map(decodeURIComponent)
    if (admin !== 'admin') return undefined
    const roles = rolesOf(realm, tokens, asked)
    if (!roles) return { status: 401, body: { error: 'HTTP 401 Unauthorized' } }
    if (path[0] === 'serverinfo')
      return { body: { systemInfo: { version: '26.0.8' }, themes: { login: [{ name: 'keycloak' }] } } }
    if (path[0] !== 'realms' || path[1] !== 'acme') return { status: 404, body: { error: 'Realm not found.' } }
    const may = (...wanted: string[]): boolean => wanted.some((role) => roles.has(role))
    const { method, url } = asked
    const body = asked.body === '' ? undefined : (JSON.parse(asked.body) as unknown)
    const request = { method, path: path.slice(2), query: url.searchParams, body, origin: url.origin, may }
    return answerClients(realm, request) ?? answerUsers(realm, request)
  }
}

/** A role counts when it is in the token, which only a client with full scope puts it into. */
function rolesOf(
  realm: Realm,
  tokens: ReadonlyMap<string, string>,
  { headers }: Asked,
): ReadonlySet<string> | undefined {
  const client = realm.clients.get(tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '') ?? '')
  if (!client?.enabled) return undefined
  return client.fullScopeAllowed ? realm.serviceAccountOf(client.id).roles : new Set()
}
