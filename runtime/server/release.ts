import type { JWK } from 'jose'
import type { Logger } from 'pino'

import { createAccounts, type PasswordHasher } from '../accounts/index.ts'
import { type AuthenticateContext, createNotices } from '../authenticate/index.ts'
import { type RuntimeConfig, runtimeConfigSchema } from '../config.ts'
import { type Callers, createCallers } from '../forward-auth/index.ts'
import { createIdentities, HeaderPacker } from '../identity/index.ts'
import { createSealer, createSigner } from '../keys/index.ts'
import { createLimits } from '../limits/index.ts'
import { createMailer } from '../mail/index.ts'
import { boundedFetch } from '../outbound/index.ts'
import { type Metrics, OWN_PAGES, type RequestMetrics } from '../metrics/index.ts'
import { compilePolicy } from '../policy/index.ts'
import { createPrograms, type Programs } from '../programs/index.ts'
import { type ClientCredential, createProvider, type Provider } from '../providers/index.ts'
import type { Release } from '../release.ts'
import { createSessions } from '../sessions/index.ts'
import type { Store } from '../store/index.ts'
import type { UpstreamGroup, Upstreams } from '../upstreams/index.ts'
import { countedProvider } from './counted-provider.ts'
import { createGrantBytes, type Grant } from './grant.ts'
import { createPasses, type Passes } from './passes/index.ts'
import { createSites, type RouteSite, type Sites } from './sites.ts'

/** One release, ready to answer requests. A request keeps the one that it began with. */
export interface GatewayRelease {
  config: RuntimeConfig
  context: AuthenticateContext
  sites: Sites
  /** Counts requests to the gateway's own pages. */
  ownPages: RequestMetrics
  /** The servers of all its apps. */
  groups: ReadonlySet<UpstreamGroup>
  programs: Programs
  /** Other proxies that ask who may pass; undefined where there are none. */
  callers: Callers | undefined
  /** Who was let in where, until that changes. */
  passes: Passes<RouteSite, Grant>
}

/** What outlives a release. */
export interface ReleaseSurroundings {
  log: Logger
  metrics: Pick<Metrics, 'route' | 'signIn' | 'refreshed'>
  /** Opens the store that a release names, or gives the one that is open. */
  openStore: (config: RuntimeConfig, secret: (name: string) => string) => Promise<Store>
  /** The servers of apps, with their connections. */
  upstreams: Pick<Upstreams, 'groupFor'>
  /** Hashes passwords; one for the process, since it bounds the work. */
  passwords: PasswordHasher
}

/**
 * Checks a release whole before anything of it is used.
 * @throws ZodError, PolicyError, StoreError, or Error that names what is missing, never a secret
 */
export async function loadRelease(
  release: Release,
  { log, metrics, openStore, upstreams, passwords }: ReleaseSurroundings,
): Promise<GatewayRelease> {
  const config = runtimeConfigSchema.parse(release.config)
  const secret = (name: string): string => {
    const value = release.secrets.get(name)
    if (!value) throw new Error(`the secret ${name} is missing or empty`)
    return value
  }
  const sealingKeys = config.keys.sealing.map(
    (name) => [name, Buffer.from(secret(`sealing-key.${name}`), 'base64url')] as const,
  )
  const sealer = createSealer(new Map(sealingKeys))
  const signer = await createSigner(config.keys.signing.map((name) => secret(`signing-key.${name}`)))
  const providers = createProviders(config, secret, metrics)
  const admins = config.admins === undefined ? undefined : compilePolicy(config.admins)
  const mailer = createMailer(config, secret, log)
  const store = await openStore(config, secret)
  const sessions = createSessions({ store, sealer, config, providers, log })
  const limits = createLimits(store, config)
  const onSecurityChange = createNotices(config, mailer)
  const accounts = createAccounts({ store, config, providers, limits, log, onSecurityChange, passwords })
  const kept = { store, sessions, accounts, limits, mailer }
  const context: AuthenticateContext = { config, sealer, signer, providers, admins, log, ...kept }
  const groups = new Set<UpstreamGroup>()
  return {
    config,
    context,
    sites: createSites(context, {
      generation: release.generation,
      identities: createIdentities(signer),
      metricsOf: (routeId) => metrics.route(routeId),
      groupFor(routeId, forward) {
        const group = upstreams.groupFor(routeId, forward, secret)
        groups.add(group)
        return group
      },
    }),
    ownPages: metrics.route(OWN_PAGES),
    groups,
    callers: config.forwardAuth ? createCallers(secret('forward-auth-secret')) : undefined,
    programs: createPrograms(config, { sessions, fetch: boundedFetch }),
    passes: createPasses(() => store.untoldFor(), createGrantBytes(new HeaderPacker())),
  }
}

function createProviders(
  config: RuntimeConfig,
  secret: (name: string) => string,
  metrics: ReleaseSurroundings['metrics'],
): Map<string, Provider> {
  return new Map(
    Object.entries(config.identityProviders).map(([id, provider]) => {
      const [preferred, ...others] = (config.registrations[id] ?? []).map(({ name, clientId }): ClientCredential => ({
        name,
        clientId,
        proof: proofOf(provider.authMethod, `client-secret.${id}.${name}`, secret),
      }))
      if (!preferred?.clientId) throw new Error(`identity provider ${id} has no registration`)
      return [id, countedProvider(createProvider(id, provider, [preferred, ...others]), metrics)]
    }),
  )
}

/** @param name of the secret */
function proofOf(
  method: RuntimeConfig['identityProviders'][string]['authMethod'],
  name: string,
  secret: (name: string) => string,
): ClientCredential['proof'] {
  switch (method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return { kind: 'secret', secret: secret(name) }
    case 'private_key_jwt':
      return { kind: 'key', jwk: parseKey(secret(name), name) }
    case 'none':
      return { kind: 'none' }
  }
}

function parseKey(text: string, name: string): JWK {
  try {
    return JSON.parse(text) as JWK
  } catch {
    throw new Error(`the secret ${name} is no JWK`)
  }
}
