import type { RuntimeConfig } from '../runtime/config.ts'
import { isLoopbackHost } from '../runtime/net/index.ts'
import {
  type IdentityProviderSettings,
  isShared,
  type RouteSettings,
  type StackConfig,
  type TokenIssuerSettings,
} from './config/index.ts'
import type { IdentityProvider } from './identity-providers/index.ts'
import { mapValues } from './map-values.ts'

/** All of the runtime's configuration that is known before anything is registered or made. */
export type RuntimePlan = Omit<RuntimeConfig, 'registrations' | 'serviceAccounts'>

/** What a provider itself tells of how people sign in there. */
export type SignInFacts = Pick<IdentityProvider, 'issuer' | 'groupsClaim'>

type ProviderPlan = RuntimeConfig['identityProviders'][string]
type RoutePlan = RuntimeConfig['routes'][string]

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
    store: stack.target.database ? 'postgres' : 'sqlite',
    workers: 1,
    trustedProxies: stack.trustedProxies,
    forwardAuth: false,
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
    routes: mapValues(stack.routes, (route) => planRoute(route, ids)),
    tokenIssuers: mapValues(stack.tokenIssuers, planTokenIssuer),
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
    claims: [],
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

function planRoute(route: RouteSettings, providers: string[]): RoutePlan {
  const { signIn } = route
  return {
    brand: 'default',
    from: route.from,
    path: { prefix: '/' },
    action: {
      kind: 'forward',
      upstreams: [route.to],
      balance: 'round_robin',
      protocol: 'http1',
      retries: 1,
      timeouts: { connectMs: 5_000, firstByteMs: 60_000, idleMs: 300_000 },
      limits: {},
      preserveHost: false,
    },
    access: route.allow === undefined ? { public: route.public ?? '' } : { allow: route.allow },
    identityProviders: route.identityProviders ?? providers,
    websocketOrigins: route.websocketOrigins,
    allowEncodedSlash: route.allowEncodedSlash,
    ...(signIn ? { signIn: planSignIn(signIn) } : {}),
    bearer: route.bearer,
    publicPaths: [],
    corsPreflight: false,
    identity: { assertion: 'cached', claims: [], headers: {}, pomerium: false, bearer: false },
  }
}

function planSignIn({ maxAgeMinutes, acr }: NonNullable<RouteSettings['signIn']>): RoutePlan['signIn'] {
  return {
    ...(maxAgeMinutes === undefined ? {} : { maxAgeSeconds: seconds(maxAgeMinutes) }),
    ...(acr === undefined ? {} : { acr }),
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
