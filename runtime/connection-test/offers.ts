import * as z from 'zod'

/** What a provider says that it can do. */
export interface Offers {
  /** Signatures of ID tokens that we can check. */
  algorithms: string[]
  /** PKCE with S256 (RFC 7636 §4.2, RFC 8414 §2); undefined where it says nothing. */
  pkce: boolean | undefined
  /** Names itself in the answer to a sign-in (RFC 9207 §3). */
  iss: boolean
  /** Tells when a session there has ended (Back-Channel Logout 1.0 §2.1, Front-Channel Logout 1.0 §3). */
  backChannelLogout: boolean
  frontChannelLogout: boolean
}

const names = z.array(z.string()).catch([])
const flag = z.boolean().catch(false)

/** @param document a discovery document; what is of another type counts as not there */
export function readOffers(document: Record<string, unknown>): Offers {
  const methods = document['code_challenge_methods_supported']
  return {
    algorithms: names
      .parse(document['id_token_signing_alg_values_supported'])
      .filter((alg) => /^(?:(?:RS|PS|ES)\d{3}|EdDSA|Ed25519)$/.test(alg)),
    pkce: methods === undefined ? undefined : names.parse(methods).includes('S256'),
    iss: flag.parse(document['authorization_response_iss_parameter_supported']),
    backChannelLogout: flag.parse(document['backchannel_logout_supported']),
    frontChannelLogout: flag.parse(document['frontchannel_logout_supported']),
  }
}

/** In words, the same order for every provider. */
export function describeOffers({ algorithms, pkce, iss, backChannelLogout, frontChannelLogout }: Offers): string[] {
  const signOut = backChannelLogout
    ? 'back-channel sign-out'
    : frontChannelLogout
      ? 'front-channel sign-out'
      : undefined
  return [
    ...(algorithms.length > 0 ? [`signs with ${algorithms.join(', ')}`] : []),
    pkce === undefined ? 'does not say whether it knows PKCE' : pkce ? 'PKCE (S256)' : 'no PKCE with S256',
    iss ? 'names itself in answers (iss)' : 'does not name itself in answers (iss)',
    signOut ?? 'tells of no sign-out',
  ]
}

/**
 * How far a provider's clock is ahead of ours.
 * @param headers of an answer; `Age` is what a cache has added to its `Date` (RFC 9111 §5.1)
 * @param nowMs milliseconds since 1970, when the answer came
 * @returns seconds, negative where it is behind; undefined without a readable date
 */
export function clockSkew(headers: Headers, nowMs: number): number | undefined {
  const date = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(date)) return undefined
  const age = Number(headers.get('age') ?? 0)
  return Math.round((date - nowMs) / 1000) + (Number.isFinite(age) && age > 0 ? Math.round(age) : 0)
}
