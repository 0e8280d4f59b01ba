import { randomBytes } from 'node:crypto'

import { secretText } from '../openid.ts'
import { type Answered, startVendorServer } from '../server.ts'
import type { TestCertificate } from '../tls.ts'
import type { Vendor } from '../vendor.ts'
import { type Caller, createGraph } from './graph.ts'
import { createSignIn, invalidSecret, livePasswords, refusal } from './sign-in.ts'
import { type Application, createStore, type EntraStore, MICROSOFT_GRAPH } from './store.ts'

/** An emulated tenant of Entra, with what a test may look into. */
export interface EntraVendor extends Vendor {
  store: EntraStore
  authority: string
}

/**
 * Microsoft Entra ID and Microsoft Graph: an authority that describes its own cloud, as a private one does, so that the
 * official plugin finds it by `metadataHost`. New objects are unknown for the first requests, and so are new secrets.
 */
export async function startEntra(certificate: TestCertificate): Promise<EntraVendor> {
  const store = createStore(secretText())
  const callers = new Map<string, Caller>()
  // The plugin is not ours, and resolves no other name of this machine.
  const authority = () => `https://localhost:${server.port}`
  const signIn = await createSignIn(
    store,
    () => `${authority()}/${store.tenantId}/v2.0`,
    (clientId, secret, scope) => {
      const caller = authenticate(store, clientId, secret)
      if (!caller) return invalidSecret()
      const refused = scope === `${authority()}/.default` ? undefined : refuseResource(store, clientId, scope)
      if (refused) return refused
      const token = accessToken(store, caller)
      callers.set(token, caller)
      return { body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token } }
    },
  )
  const graph = createGraph(store, (token) => callers.get(token))
  const server = await startVendorServer(certificate, [
    ({ url }) => (url.pathname === '/metadata/endpoints' ? metadata(authority()) : undefined),
    signIn,
    graph,
  ])
  const { tenantId, administrator } = store
  return {
    store,
    authority: authority(),
    settings: {
      kind: 'entra',
      authority: authority(),
      tenantId,
      credentials: { clientId: administrator.clientId, clientSecret: { env: 'ENTRA_CLIENT_SECRET' } },
      allowedGroups: ['staff'],
      // Entra says of no address that it is verified.
      emailTrust: 'trust-idp',
      allowedDomains: ['acme.example'],
      directory: true,
    },
    environment: { ENTRA_CLIENT_SECRET: administrator.secret },
    faults: server.faults,
    log: server.log,
    inventory: () => inventory(store),
    tamper(redirectUri) {
      const { web } = onlyClient(store).properties
      web.redirectUris = web.redirectUris.map((uri) => (isCallback(uri) ? redirectUri : uri))
    },
    redirectUris: () => onlyClient(store).properties.web.redirectUris.filter(isCallback),
    liveSecrets: () => livePasswords(onlyClient(store)).map(({ secretText: secret }) => secret),
    secretsEverSeen: () => store.secretsEverSeen,
    close: () => server.close(),
  }
}

/** What we register beside callbacks, in the same list: where people go after sign-out. */
function isCallback(uri: string): boolean {
  return !uri.endsWith('/signed-out')
}

function onlyClient(store: EntraStore): Application {
  const clients = [...store.applications.values()].filter(({ properties }) => properties.web.redirectUris.length > 0)
  const [client] = clients
  if (!client || clients.length > 1) throw new Error(`there are ${clients.length} clients`)
  return client
}

function inventory(store: EntraStore): string[] {
  const own = [...store.servicePrincipals.values()].filter(({ appId }) => appId !== MICROSOFT_GRAPH)
  return [
    ...[...store.applications.values()].map(({ displayName }) => `application ${displayName}`),
    ...own.map(({ displayName }) => `service principal ${displayName}`),
    ...[...store.assignments.values()].map(
      ({ principalType, principalId, appRoleId }) => `assignment ${principalType} ${principalId} as ${appRoleId}`,
    ),
  ]
}

function authenticate(store: EntraStore, clientId: string, secret: string): Caller | undefined {
  const { administrator } = store
  if (clientId === administrator.clientId && secret === administrator.secret) return administrator
  const application = [...store.applications.values()].find(({ appId }) => appId === clientId)
  const principal = [...store.servicePrincipals.values()].find(({ appId }) => appId === clientId)
  if (!application || !principal) return undefined
  if (!livePasswords(application).some((password) => password.secretText === secret)) return undefined
  const given = [...store.assignments.values()].filter(({ principalId }) => principalId === principal.id)
  const roles = given.flatMap(({ resourceId, appRoleId }) => {
    const resource = store.servicePrincipals.get(resourceId)
    return resource?.appRoles.filter(({ id }) => id === appRoleId).map(({ value }) => value) ?? []
  })
  return { objectId: principal.id, roles }
}

/** Beside Graph there are only the tenant's own applications, of which a client may name itself. */
function refuseResource(store: EntraStore, clientId: string, scope: string): Answered | undefined {
  const principal = [...store.servicePrincipals.values()].find(({ appId }) => appId === clientId)
  if (!principal || scope !== `${clientId}/.default`) {
    return refusal(400, 'invalid_resource', 500011, 'The resource principal was not found in the tenant.')
  }
  const text = `Application '${clientId}' is not assigned to a role for the application '${clientId}'.`
  return principal.appRoleAssignmentRequired ? refusal(400, 'invalid_grant', 501051, text) : undefined
}

/** In form a JWT, in which the official plugin reads whom it speaks for. */
function accessToken(store: EntraStore, { objectId, roles }: Caller): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signature = randomBytes(32).toString('base64url')
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ oid: objectId, tid: store.tenantId, roles })}.${signature}`
}

/** As the official plugin reads it; Graph is at the same place. */
function metadata(authority: string): Answered {
  return {
    body: {
      name: 'Emulated',
      portal: authority,
      authentication: { loginEndpoint: authority, audiences: [authority], tenant: 'common', identityProvider: 'AAD' },
      resourceManager: authority,
      microsoftGraphResourceId: authority,
      suffixes: {},
    },
  }
}
