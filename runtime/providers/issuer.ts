import type { IdentityProviderConfig } from '../config.ts'
import { FailedCheck } from './classify.ts'

/** Which issuers a provider's tokens may name. */
export interface IssuerRule {
  /** What its discovery document must say, letter by letter. */
  announced: string
  /** All that tokens may name. */
  issuers: readonly string[]
  isIssuer: (issuer: string) => boolean
  /**
   * Beyond `iss`: where one set of keys serves many tenants, a tenant's token must be of a tenant on the list, and signed by a
   * key of that tenant. Does nothing at providers with one issuer.
   * @param keys the provider's JWK Set, with which the signature was checked
   * @throws FailedCheck `provider_answer_invalid`
   */
  check(claims: Record<string, unknown>, kid: unknown, keys: readonly Record<string, unknown>[]): void
}

/** Stands in Entra's documents where a tenant's id belongs. */
const PLACEHOLDER = '{tenantid}'
/** Its addresses for several tenants at once. */
const SHARED = /^(https?:\/\/[^/]+)\/(?:common|organizations)(\/.*)?$/

/**
 * @param config one issuer; or, with `tenants`, Entra's `common` or `organizations`, where tokens name their tenant's issuer
 * @throws RangeError when there are tenants at an issuer that is not shared
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#validate-the-issuer
 */
export function createIssuerRule({ issuer, tenants }: Pick<IdentityProviderConfig, 'issuer' | 'tenants'>): IssuerRule {
  if (!tenants) {
    return { announced: issuer, issuers: [issuer], isIssuer: (other) => other === issuer, check: () => undefined }
  }
  const shared = SHARED.exec(issuer)
  if (!shared) throw new RangeError(`${issuer} is the issuer of one tenant: tenants belong to common or organizations`)
  const announced = `${shared[1]}/${PLACEHOLDER}${shared[2] ?? ''}`
  const known = new Set(tenants.map((tenant) => tenant.toLowerCase()))
  const issuers = [...known].map((tenant) => announced.replace(PLACEHOLDER, tenant))
  return {
    announced,
    issuers,
    isIssuer: (other) => issuers.includes(other),
    check({ tid, iss }, kid, keys) {
      // openid-client writes whatever `tid` is into the template: a list of one tenant would pass, and so would none.
      if (typeof tid !== 'string' || !known.has(tid)) throw invalid('the token is of no tenant on the list')
      if (iss !== announced.replace(PLACEHOLDER, tid)) throw invalid('the token’s issuer is not its tenant’s')
      const used = keys.filter((key) => key['kid'] === kid)
      if (kid === undefined || used.length === 0) throw invalid('the token does not say by which key it was signed')
      const isKeyOfTenant = (key: Record<string, unknown>) => {
        const own = key['issuer']
        return own === undefined || (typeof own === 'string' && own.replace(PLACEHOLDER, tid) === iss)
      }
      if (!used.every(isKeyOfTenant)) throw invalid('the token was signed by the key of another tenant')
    },
  }
}

function invalid(message: string): FailedCheck {
  return new FailedCheck('provider_answer_invalid', message)
}
