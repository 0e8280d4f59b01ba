import type { Properties, PropertyValue } from '../../../../infra/provider/properties.ts'
import { asText } from './values.ts'

/** What we use of Keycloak's ClientRepresentation; booleans among the attributes are texts. */
export interface ClientRepresentation {
  [name: string]: unknown
  id?: string
  clientId: string
  attributes?: Record<string, string>
}

/** Input → member of the representation, and what the plugin sends where the program says nothing. */
const MEMBERS: Record<string, [member: string, otherwise: PropertyValue]> = {
  clientId: ['clientId', ''],
  name: ['name', ''],
  description: ['description', ''],
  enabled: ['enabled', true],
  clientAuthenticatorType: ['clientAuthenticatorType', 'client-secret'],
  standardFlowEnabled: ['standardFlowEnabled', false],
  implicitFlowEnabled: ['implicitFlowEnabled', false],
  directAccessGrantsEnabled: ['directAccessGrantsEnabled', false],
  serviceAccountsEnabled: ['serviceAccountsEnabled', false],
  frontchannelLogoutEnabled: ['frontchannelLogout', false],
  fullScopeAllowed: ['fullScopeAllowed', true],
  consentRequired: ['consentRequired', false],
  validRedirectUris: ['redirectUris', []],
  webOrigins: ['webOrigins', []],
  baseUrl: ['baseUrl', ''],
}

/** Input → attribute, and what the plugin sends otherwise. */
const ATTRIBUTES: Record<string, [attribute: string, otherwise: string | boolean]> = {
  pkceCodeChallengeMethod: ['pkce.code.challenge.method', ''],
  useRefreshTokens: ['use.refresh.tokens', true],
  backchannelLogoutUrl: ['backchannel.logout.url', ''],
  backchannelLogoutSessionRequired: ['backchannel.logout.session.required', true],
}

const POST_LOGOUT = 'post.logout.redirect.uris'

/** Lists in which order means nothing. */
export const UNORDERED = ['validRedirectUris', 'validPostLogoutRedirectUris', 'webOrigins']

/** Inputs that are known here; another one is a mistake of the program, or missing in the stand-in. */
export const KNOWN = new Set([
  ...Object.keys(MEMBERS),
  ...Object.keys(ATTRIBUTES),
  'realmId',
  'accessType',
  'clientSecret',
  'validPostLogoutRedirectUris',
])

/** Inputs → what is sent; a list of post-logout URIs that is empty is left out, as the plugin does. */
export function toRepresentation(inputs: Properties): ClientRepresentation {
  const members = Object.entries(MEMBERS).map(([name, [member, otherwise]]) => [member, inputs[name] ?? otherwise])
  const attributes = Object.entries(ATTRIBUTES).map(([name, [key, otherwise]]) => [
    key,
    asText(inputs[name] ?? otherwise),
  ])
  const postLogout = (inputs['validPostLogoutRedirectUris'] ?? []) as string[]
  if (postLogout.length > 0) attributes.push([POST_LOGOUT, postLogout.join('##')])
  return {
    ...(Object.fromEntries(members) as { clientId: string }),
    protocol: 'openid-connect',
    publicClient: inputs['accessType'] === 'PUBLIC',
    bearerOnly: inputs['accessType'] === 'BEARER-ONLY',
    attributes: Object.fromEntries(attributes) as Record<string, string>,
    ...(inputs['clientSecret'] === undefined ? {} : { secret: inputs['clientSecret'] }),
  }
}

/** What Keycloak tells → outputs of the resource. */
export function toOutputs(realmId: string, found: ClientRepresentation, secret: string): Properties {
  const members = Object.entries(MEMBERS).map(([name, [member, otherwise]]) => [name, found[member] ?? otherwise])
  const attributes = Object.entries(ATTRIBUTES).map(([name, [key, otherwise]]) => {
    const text = found.attributes?.[key] ?? ''
    return [name, typeof otherwise === 'boolean' ? text === 'true' : text]
  })
  return {
    ...(Object.fromEntries([...members, ...attributes]) as Properties),
    realmId,
    accessType: found['publicClient'] ? 'PUBLIC' : found['bearerOnly'] ? 'BEARER-ONLY' : 'CONFIDENTIAL',
    validPostLogoutRedirectUris: found.attributes?.[POST_LOGOUT]?.split('##') ?? [],
    clientSecret: secret,
  }
}
