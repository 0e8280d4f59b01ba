import { isDeepStrictEqual } from 'node:util'

import type { Properties, PropertyValue } from '../properties.ts'
import { alignTo, sameMembers } from '../property-diff.ts'
import type { ClientCredentials, ClientInputs, ClientState, RecordedInputs } from './schema.ts'
import type { ClientInformation } from './registration.ts'

/** Ours → the wire (RFC 7591 §2, OpenID Connect Registration 1.0 §2, RP-Initiated Logout 1.0 §3.1, Back-Channel Logout 1.0 §2.2). */
const wireNames = {
  clientName: 'client_name',
  redirectUris: 'redirect_uris',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
  backChannelLogoutUri: 'backchannel_logout_uri',
  backChannelLogoutSessionRequired: 'backchannel_logout_session_required',
  grantTypes: 'grant_types',
  tokenEndpointAuthMethod: 'token_endpoint_auth_method',
  tokenEndpointAuthSigningAlg: 'token_endpoint_auth_signing_alg',
  jwks: 'jwks',
  scope: 'scope',
  applicationType: 'application_type',
} as const satisfies Partial<Record<keyof ClientInputs, string>>

/** Which wire fields follow from our inputs: all others of a client are left as they are. */
const managed: readonly string[] = [...Object.values(wireNames), 'response_types']

/** Fields of a client's answer that a request must not repeat (RFC 7592 §2.2). */
const forbidden = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** The inputs in which order means nothing. */
export const unorderedInputs = ['redirectUris', 'postLogoutRedirectUris', 'grantTypes'] as const

/** The body of a registration request (RFC 7591 §3.1). */
export function toMetadata(inputs: RecordedInputs): Properties {
  const fields = Object.entries(wireNames).flatMap(([ours, wire]): [string, PropertyValue][] => {
    const value = inputs[ours as keyof typeof wireNames]
    return value === undefined ? [] : [[wire, value]]
  })
  // Said aloud, as the server's default of "code" contradicts a client that has no authorization code (§2).
  const responseTypes = inputs.grantTypes.includes('authorization_code') ? ['code'] : []
  return { ...Object.fromEntries(fields), response_types: responseTypes }
}

/**
 * The body of an update request. It replaces the whole record, so everything that the server said about the client and
 * that is not ours to decide is repeated (RFC 7592 §2.2).
 * @param current the client as the server has just described it
 */
export function toUpdateBody(inputs: ClientInputs, current: ClientInformation, secret: string): Properties {
  const kept = Object.entries(current.metadata).filter(
    ([name, value]) => !managed.includes(name) && !forbidden.includes(name) && value !== null && value !== '',
  )
  return {
    ...Object.fromEntries(kept),
    ...toMetadata(inputs),
    client_id: current.clientId,
    ...(secret === '' ? {} : { client_secret: secret }),
  }
}

/**
 * The credentials after an answer: what it does not repeat stays as it was.
 * @param prior credentials before it; none at a registration
 */
export function toCredentials(answer: ClientInformation, prior?: ClientCredentials): ClientCredentials {
  return {
    clientId: answer.clientId,
    clientSecret: answer.clientSecret ?? prior?.clientSecret ?? '',
    clientSecretExpiresAt: answer.clientSecretExpiresAt ?? prior?.clientSecretExpiresAt ?? 0,
    registrationClientUri: answer.registrationClientUri ?? prior?.registrationClientUri ?? '',
    registrationAccessToken: answer.registrationAccessToken ?? prior?.registrationAccessToken ?? '',
  }
}

/** What is recorded of a client: the inputs, the credentials, and what the server made of our wish where it differs. */
export function toOutputs(
  inputs: RecordedInputs,
  credentials: ClientCredentials,
  answer: ClientInformation,
): ClientState {
  const altered = Object.entries(toMetadata(inputs)).flatMap(([wire, asked]): [string, PropertyValue][] => {
    const told = answer.metadata[wire] ?? null
    return sameField(asked, told) ? [] : [[wire, told]]
  })
  const { clientId, clientSecret, clientSecretExpiresAt, registrationClientUri, registrationAccessToken } = credentials
  const given = { clientId, clientSecret, clientSecretExpiresAt, registrationClientUri, registrationAccessToken }
  return { ...inputs, ...given, ...(altered.length === 0 ? {} : { substituted: Object.fromEntries(altered) }) }
}

/**
 * Finds the inputs that the client as it stands does not have. A field that the server states as it did after our last
 * change is not drift, whatever it had made of our wish then; lists keep the order of the state as far as they can.
 * @param state inputs as recorded, and what the server had substituted
 * @returns the drifted inputs, with the values that the server states
 */
export function findDrift(state: ClientState, answer: ClientInformation): Partial<RecordedInputs> {
  const expected: Properties = { ...toMetadata(state), ...state.substituted }
  const drifted = Object.entries(wireNames).flatMap(([ours, wire]): [string, PropertyValue][] => {
    const before = state[ours as keyof typeof wireNames]
    const now = answer.metadata[wire] ?? null
    if (before === undefined || sameField(expected[wire], now)) return []
    const found = now ?? nothingLike(before)
    return [[ours, Array.isArray(before) && Array.isArray(found) ? alignTo(before, found) : found]]
  })
  return Object.fromEntries(drifted)
}

/**
 * Names what the server registered otherwise than it was told, where sign-in hangs on it (RFC 7591 §3.2.1 lets it).
 * @returns a sentence, or undefined when all is as asked for
 */
export function describeAlteration(inputs: ClientInputs, answer: ClientInformation): string | undefined {
  const { redirect_uris: redirectUris, token_endpoint_auth_method: authMethod } = answer.metadata
  if (redirectUris !== undefined && !sameMembers(redirectUris, inputs.redirectUris)) {
    return `it registered the redirect URIs ${JSON.stringify(redirectUris)}`
  }
  if (authMethod !== undefined && authMethod !== inputs.tokenEndpointAuthMethod) {
    return `it registered the token endpoint authentication method ${JSON.stringify(authMethod)}`
  }
  return undefined
}

function sameField(left: PropertyValue | undefined, right: PropertyValue): boolean {
  if (Array.isArray(left)) return sameMembers(left, right)
  // Only `scope` has spaces that mean something; its words have no order (RFC 6749 §3.3).
  if (typeof left === 'string' && typeof right === 'string') return sameMembers(left.split(' '), right.split(' '))
  return isDeepStrictEqual(left, right)
}

/** What a field is that a server does not name any more. */
function nothingLike(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return []
  if (typeof value === 'boolean') return false
  return typeof value === 'object' ? {} : ''
}
