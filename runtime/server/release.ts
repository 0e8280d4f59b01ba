import { type AuthenticateContext, createProvider, type Provider } from '../authenticate/index.ts'
import { type RuntimeConfig, runtimeConfigSchema } from '../config.ts'
import { type Assertions, createAssertions } from '../identity/index.ts'
import { createSealer, createSigner } from '../keys/index.ts'
import type { Upstream } from '../proxy/index.ts'
import type { Release } from '../release.ts'
import { createSessions } from '../sessions/index.ts'
import type { Store } from '../store/index.ts'
import { createSites, type Site } from './sites.ts'

/** One release, ready to answer requests. A request keeps the one that it began with. */
export interface GatewayRelease {
  config: RuntimeConfig
  context: AuthenticateContext
  sites: ReadonlyMap<string, Site>
  assertions: Assertions
}

/**
 * Checks a release whole before anything of it is used.
 * @param upstreamFor connections to an origin; kept over reloads
 * @param onSessionEnd called after sessions were ended by somebody
 * @throws ZodError, PolicyError, or Error that names what is missing, never a secret
 */
export async function loadRelease(
  release: Release,
  store: Store,
  upstreamFor: (origin: string) => Upstream,
  onSessionEnd: () => void,
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
  const context: AuthenticateContext = {
    config,
    store,
    sealer,
    signer,
    sessions: createSessions(store, sealer, config, onSessionEnd),
    providers: createProviders(config, secret),
  }
  return { config, context, sites: createSites(context, upstreamFor), assertions: createAssertions(signer) }
}

function createProviders(config: RuntimeConfig, secret: (name: string) => string): Map<string, Provider> {
  return new Map(
    Object.entries(config.identityProviders).map(([id, provider]) => {
      const [preferred, ...others] = (config.registrations[id] ?? []).map((credential) => ({
        ...credential,
        clientSecret: secret(`client-secret.${id}.${credential.name}`),
      }))
      if (!preferred?.clientId) throw new Error(`identity provider ${id} has no registration`)
      return [id, createProvider(id, provider, [preferred, ...others])]
    }),
  )
}
