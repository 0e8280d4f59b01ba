import type { RuntimeConfig } from '../runtime/config.ts'
import { isLoopbackHost } from '../runtime/net/index.ts'
import { type IdentityProviderSettings, isShared, type StackConfig, type TokenIssuerSettings } from './config/index.ts'
import type { IdentityProvider } from './identity-providers/index.ts'
import { mapValues } from './map-values.ts'
import { planRoute } from './route-plan.ts'
import type { StackFiles } from './stack-files.ts'

/** All of the runtime's configuration that is known before anything is registered or made. */
export type RuntimePlan = Omit<RuntimeConfig, 'registrations' | 'serviceAccounts'>

/** What a provider itself tells of how people sign in there. */
export type SignInFacts = Pick<IdentityProvider, 'issuer' | 'groupsClaim'>

type ProviderPlan = RuntimeConfig['identityProviders'][string]

/**
 * Turns a stack into what the runtime is told; pure.
 * @param facts by identity provider
 * @param files what the stack's file names stand for
 */
export function planRuntime(stack: StackConfig, facts: Record<string, SignInFacts>, files: StackFiles): RuntimePlan {
  const ids = Object.keys(stack.identityProviders)
  return {
    version: 1,
    listen: stack.target.listen,
    admin: stack.target.admin,
    store: stack.target.database ? 'postgres' : 'sqlite',
    ...(stack.target.tls ? { tls: planTls(stack.target.tls, files) } : {}),
    workers: stack.target.workers,
    trustedProxies: stack.trustedProxies,
    forwardAuth: stack.forwardAuth !== undefined,
    session: {
      idleSeconds: seconds(stack.session.idleMinutes),
      absoluteSeconds: seconds(stack.session.absoluteMinutes),
      refreshGraceSeconds: seconds(stack.session.refreshGraceMinutes),
    },
    keys: stack.keys,
    brands: { default: { name: stack.name, url: stack.url, identityProviders: ids } },
    identityProviders: mapValues(stack.identityProviders, (settings, id) =>
      planProvider(id, settings, facts[id] ?? { issuer: '' }),
    ),
    routes: mapValues(stack.routes, (route) => planRoute(route, ids, files)),
    tokenIssuers: mapValues(stack.tokenIssuers, planTokenIssuer),
  }
}

function planTls(
  { certificates }: NonNullable<StackConfig['target']['tls']>,
  files: StackFiles,
): NonNullable<RuntimePlan['tls']> {
  return {
    certificates: certificates.map(({ certificate, key }) => ({
      certificateFile: files.place(certificate),
      keyFile: files.place(key),
    })),
  }
}

function planProvider(
  id: string,
  settings: IdentityProviderSettings,
  { issuer, groupsClaim = 'groups' }: SignInFacts,
): ProviderPlan {
  const { authMethod, scopes, emailTrust, allowedDomains, authorizationParameters, responseMode, session } = settings
  const name = settings.name ?? id
  const isPrivate = 'allowPrivateAddresses' in settings && settings.allowPrivateAddresses
  return {
    name,
    buttonText: settings.buttonText ?? `Login with ${name}`,
    issuer,
    ...(settings.kind === 'entra' && isShared(settings) && settings.tenants ? { tenants: settings.tenants } : {}),
    ...(settings.kind === 'oidc' && settings.endpoints ? { endpoints: settings.endpoints } : {}),
    authMethod,
    scopes,
    authorizationParameters,
    responseMode,
    emailTrust,
    groupsClaim,
    allowedDomains,
    allowPrivateAddresses: isPrivate || isOnThisMachine(issuer),
    claims: settings.claims,
    ...(session ? { session: planLifetimes(session) } : {}),
  }
}

function planLifetimes(session: NonNullable<IdentityProviderSettings['session']>): ProviderPlan['session'] {
  const { idleMinutes, absoluteMinutes } = session
  return {
    ...(idleMinutes === undefined ? {} : { idleSeconds: seconds(idleMinutes) }),
    ...(absoluteMinutes === undefined ? {} : { absoluteSeconds: seconds(absoluteMinutes) }),
  }
}

function planTokenIssuer(settings: TokenIssuerSettings): RuntimeConfig['tokenIssuers'][string] {
  const { issuer, jwks, groupsClaim, allowPrivateAddresses } = settings
  return {
    issuer,
    ...(jwks === undefined ? {} : { jwks }),
    groupsClaim,
    allowPrivateAddresses: allowPrivateAddresses || isOnThisMachine(jwks ?? issuer),
  }
}

/** Whoever writes such an address means this machine, and nobody else can hear what is sent there. */
function isOnThisMachine(url: string): boolean {
  return isLoopbackHost(URL.parse(url)?.hostname ?? '')
}

function seconds(minutes: number): number {
  return minutes * 60
}
