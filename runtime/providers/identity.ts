import type { IdentityProviderConfig } from '../config.ts'
import type { IdentityKey } from '../store/index.ts'
import { FailedCheck } from './classify.ts'

const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/**
 * By what a provider tells people apart. At Entra that is the object id beside the tenant, which the issuer names: `sub` is another for
 * each client there.
 * @param claims of a checked ID token, and of nothing else: its issuer and signature vouch for them
 * @param issuer of the token
 * @throws FailedCheck `provider_answer_invalid` where the object id is missing or none
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference#use-claims-to-reliably-identify-a-user
 */
export function identityOf(
  claims: Readonly<Record<string, unknown>>,
  { subjectClaim }: Pick<IdentityProviderConfig, 'subjectClaim'>,
  issuer: string,
): IdentityKey {
  const { sub, oid } = claims
  if (subjectClaim === 'oid') {
    if (typeof oid === 'string' && GUID.test(oid)) return { issuer, subject: oid.toLowerCase() }
    throw new FailedCheck('provider_answer_invalid', 'the token’s object id (oid) is missing, or no GUID')
  }
  if (typeof sub !== 'string' || sub === '') throw new TypeError('claims without a subject')
  return { issuer, subject: sub }
}
