import { PROFILE_FIELDS, type RuntimeConfig } from '../runtime/config.ts'
import { isLoopbackHost } from '../runtime/net/index.ts'
import { planAccounts, planBrand, planMail } from './brand-plan.ts'
import {
  type IdentityProviderSettings,
  isShared,
  placementOf,
  type StackConfig,
  type TargetTls,
  type TokenIssuerSettings,
  waysIn,
} from './config/index.ts'
import type { IdentityProvider } from './identity-providers/index.ts'
import { planLifetimes } from './lifetimes.ts'
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
  const { tls, ...placement } = placementOf(stack.target)
  return {
    version: 1,
    ...placement,
    ...(tls ? { tls: planTls(tls, files) } : {}),
    trustedProxies: stack.trustedProxies,
    forwardAuth: stack.forwardAuth !== undefined,
    session: {
      idleSeconds: seconds(stack.session.idleMinutes),
      absoluteSeconds: seconds(stack.session.absoluteMinutes),
      refreshGraceSeconds: seconds(stack.session.refreshGraceMinutes),
    },
    keys: stack.keys,
    brands: mapValues(stack.brands, (brand) => planBrand(brand, files)),
    identityProviders: mapValues(stack.identityProviders, (settings, id) =>
      planProvider(id, settings, facts[id] ?? { issuer: '' }, files),
    ),
    routes: mapValues(stack.routes, (route) => planRoute(route, waysAt(stack, route), files)),
    tokenIssuers: mapValues(stack.tokenIssuers, planTokenIssuer),
    ...(stack.mail ? { mail: planMail(stack.mail) } : {}),
    accounts: planAccounts(stack.accounts),
    ...(stack.admins === undefined ? {} : { admins: stack.admins }),
    stackFile: files.stackFile,
  }
}

function planTls({ certificates }: TargetTls, files: StackFiles): NonNullable<RuntimePlan['tls']> {
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
  files: StackFiles,
): ProviderPlan {
  const { authMethod, scopes, emailTrust, allowedDomains, authorizationParameters, responseMode, session } = settings
  const name = settings.name ?? id
  const isPrivate = 'allowPrivateAddresses' in settings && settings.allowPrivateAddresses
  return {
    kind: settings.kind,
    ...(settings.description === undefined ? {} : { description: settings.description }),
    enabled: settings.enabled,
    ...(settings.logo === undefined ? {} : { logo: files.logo(settings.logo).image }),
    provisioning: settings.provisioning,
    linking: settings.linking,
    attributes: planAttributes(settings.attributes),
    subjectClaim: settings.kind === 'entra' ? 'oid' : 'sub',
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

function planAttributes(attributes: IdentityProviderSettings['attributes']): ProviderPlan['attributes'] {
  const planned = PROFILE_FIELDS.map((field) => {
    const { claim, default: otherwise } = attributes[field]
    return [field, { claim, ...(otherwise === undefined ? {} : { default: otherwise }) }]
  })
  return Object.fromEntries(planned) as ProviderPlan['attributes']
}

/** By what people may come in at a route that does not say. */
function waysAt({ brands }: StackConfig, { brand: id }: { brand: string }): string[] {
  const brand = brands[id]
  return brand ? waysIn(brand) : []
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
