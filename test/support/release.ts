import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BrandConfig, ForwardConfig, IdentityProviderConfig, RuntimeConfig } from '../../runtime/config.ts'

/** A configuration with a login host and the routes `hello` (staff), `admin` (admins) and `docs` (public). */
export function baseConfig(at: {
  listenPort: number
  adminPort: number
  appPort: number
  issuer: string
}): RuntimeConfig {
  const route = (name: string, access: RuntimeConfig['routes'][string]['access']): RuntimeConfig['routes'][string] => ({
    brand: 'default',
    from: `http://${name}.gw.localhost:${at.listenPort}`,
    path: { prefix: '/' },
    action: forwardTo(`http://127.0.0.1:${at.appPort}`),
    access,
    publicPaths: [],
    corsPreflight: false,
    identityProviders: ['acme'],
    websocketOrigins: [],
    allowEncodedSlash: false,
    bearer: [],
    identity: { assertion: 'cached', claims: [], headers: {}, pomerium: false, bearer: false },
  })
  return {
    version: 1,
    listen: { host: '127.0.0.1', port: at.listenPort },
    admin: { host: '127.0.0.1', port: at.adminPort },
    store: 'sqlite',
    workers: 1,
    trustedProxies: [],
    forwardAuth: false,
    session: { idleSeconds: 3_600, absoluteSeconds: 86_400, refreshGraceSeconds: 3_600 },
    keys: { signing: ['k1'], sealing: ['k1'] },
    brands: {
      default: brandAt(`http://login.gw.localhost:${at.listenPort}`, ['acme']),
    },
    identityProviders: {
      acme: {
        ...providerDefaults,
        name: 'Acme',
        buttonText: 'Login with Acme',
        issuer: at.issuer,
        authMethod: 'client_secret_post',
        scopes: ['openid', 'profile', 'email', 'groups'],
        authorizationParameters: {},
        responseMode: 'query',
        emailTrust: 'verify-with-claim',
        groupsClaim: 'groups',
        allowedDomains: [],
        allowPrivateAddresses: false,
        claims: [],
      },
    },
    registrations: { acme: [{ name: 'first', clientId: 'gateway-client' }] },
    routes: {
      hello: route('hello', { allow: '"staff" in user.groups' }),
      admin: route('admin', { allow: '"admins" in user.groups' }),
      docs: route('docs', { public: 'documentation' }),
    },
    tokenIssuers: {},
    serviceAccounts: {},
    accounts: {},
    stackFile: 'stacks/Pulumi.test.yaml',
  }
}

/** What a provider has by default that no test needs to repeat. */
export const providerDefaults = {
  kind: 'oidc',
  enabled: true,
  provisioning: 'auto',
  linking: 'confirm',
  attributes: {
    username: { claim: 'preferred_username' },
    email: { claim: 'email' },
    name: { claim: 'name' },
    picture: { claim: 'picture' },
    website: { claim: 'website' },
    company: { claim: 'organization' },
    location: { claim: 'locale' },
  },
  subjectClaim: 'sub',
} as const satisfies Partial<IdentityProviderConfig>

/** A brand that offers its providers and nothing else. */
export function brandAt(url: string, identityProviders: string[]): BrandConfig {
  return {
    name: 'Acme',
    url,
    identityProviders,
    password: 'off',
    passkeys: false,
    identityFirst: false,
    autoRedirect: false,
    links: [],
  }
}

/** What a route does that passes everything on to one app, with the defaults of a stack file. */
export function forwardTo(upstream: string): ForwardConfig {
  return {
    kind: 'forward',
    upstreams: [upstream],
    balance: 'round_robin',
    protocol: 'http1',
    retries: 1,
    timeouts: { connectMs: 5_000, firstByteMs: 60_000, idleMs: 300_000 },
    limits: {},
    preserveHost: false,
  }
}

/** Keys and client secrets, as files would hold them: `first` and `second` of each provider. */
export function makeSecrets(providers: string[]): Map<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Map([
    ['signing-key.k1', JSON.stringify(privateKey.export({ format: 'jwk' }))],
    ['sealing-key.k1', randomBytes(32).toString('base64url')],
    ...providers.flatMap((id) =>
      ['first', 'second'].map((name): [string, string] => [
        `client-secret.${id}.${name}`,
        `client-secret-value-${name}`,
      ]),
    ),
  ])
}

/** Writes a release into a program's folder, as `local.Process` does. */
export async function writeRelease(folder: string, config: RuntimeConfig, generation = 'g1'): Promise<void> {
  const place = join(folder, 'releases', generation)
  await mkdir(join(place, 'secrets'), { recursive: true })
  await writeFile(join(place, 'config.json'), JSON.stringify(config))
  await writeFile(join(place, 'generation'), `${generation}\n`)
  for (const [name, value] of makeSecrets(Object.keys(config.identityProviders))) {
    await writeFile(join(place, 'secrets', name), value)
  }
  await symlink(place, join(folder, 'next'))
  await rename(join(folder, 'next'), join(folder, 'current'))
}
