import type { RuntimeConfig } from '../runtime/config.ts'
import type { IdentityProviderSettings, StackConfig } from './config/index.ts'
import type { IdentityProvider } from './identity-providers/index.ts'
import { mapValues } from './map-values.ts'

/** Names of the keys that a stack makes, newest first. */
export const KEYS = { signing: ['k1'], sealing: ['k1'] } as const

/** All of the runtime's configuration that is known before anything is registered. */
export type RuntimePlan = Omit<RuntimeConfig, 'registrations'>

/** What a provider itself tells of how people sign in there. */
export type SignInFacts = Pick<IdentityProvider, 'issuer' | 'groupsClaim'>

/**
 * Turns a stack into what the runtime is told; pure.
 * @param facts by identity provider
 */
export function planRuntime(stack: StackConfig, facts: Record<string, SignInFacts>): RuntimePlan {
  const ids = Object.keys(stack.identityProviders)
  return {
    version: 1,
    listen: stack.target.listen,
    admin: stack.target.admin,
    session: { idleSeconds: stack.session.idleMinutes * 60, absoluteSeconds: stack.session.absoluteMinutes * 60 },
    keys: { signing: [...KEYS.signing], sealing: [...KEYS.sealing] },
    brands: { default: { name: stack.name, url: stack.url, identityProviders: ids } },
    identityProviders: mapValues(stack.identityProviders, (settings, id) =>
      planProvider(id, settings, facts[id] ?? { issuer: '' }),
    ),
    routes: mapValues(stack.routes, (route) => ({
      brand: 'default',
      from: route.from,
      to: route.to,
      access: route.allow === undefined ? { public: route.public ?? '' } : { allow: route.allow },
      identityProviders: route.identityProviders ?? ids,
      websocketOrigins: route.websocketOrigins,
      allowEncodedSlash: route.allowEncodedSlash,
    })),
  }
}

function planProvider(id: string, settings: IdentityProviderSettings, { issuer, groupsClaim = 'groups' }: SignInFacts) {
  const { authMethod, scopes, emailTrust, allowedDomains } = settings
  const name = settings.name ?? id
  const buttonText = settings.buttonText ?? `Login with ${name}`
  return { name, buttonText, issuer, authMethod, scopes, emailTrust, groupsClaim, allowedDomains }
}
