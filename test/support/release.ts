import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { RuntimeConfig } from '../../runtime/config.ts'

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
    to: `http://127.0.0.1:${at.appPort}`,
    access,
    identityProviders: ['acme'],
    websocketOrigins: [],
    allowEncodedSlash: false,
    bearer: [],
  })
  return {
    version: 1,
    listen: { host: '127.0.0.1', port: at.listenPort },
    admin: { host: '127.0.0.1', port: at.adminPort },
    store: 'sqlite',
    trustedProxies: [],
    session: { idleSeconds: 3_600, absoluteSeconds: 86_400, refreshGraceSeconds: 3_600 },
    keys: { signing: ['k1'], sealing: ['k1'] },
    brands: {
      default: { name: 'Acme', url: `http://login.gw.localhost:${at.listenPort}`, identityProviders: ['acme'] },
    },
    identityProviders: {
      acme: {
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
export async function writeRelease(folder: string, config: RuntimeConfig): Promise<void> {
  const place = join(folder, 'releases', 'g1')
  await mkdir(join(place, 'secrets'), { recursive: true })
  await writeFile(join(place, 'config.json'), JSON.stringify(config))
  await writeFile(join(place, 'generation'), 'g1\n')
  for (const [name, value] of makeSecrets(Object.keys(config.identityProviders))) {
    await writeFile(join(place, 'secrets', name), value)
  }
  await symlink(place, join(folder, 'current'))
}
