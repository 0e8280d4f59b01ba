import { LRUCache } from 'lru-cache'

import type { RouteConfig, TokenIssuerConfig } from '../config.ts'
import { type Subject, subjectOfProgram } from '../identity/index.ts'
import { Refusal } from '../refusal.ts'
import { digest } from '../sessions/index.ts'
import { type AccessToken, claimedIssuer, verifyAccessToken } from './access-token.ts'
import { createIssuerKeys, type FetchKeys } from './issuer-keys.ts'

const MAX_CACHED = 10_000
/** A withdrawn key must show, however long a token lives. */
const MAX_CACHED_MS = 5 * 60_000
const MAX_GROUPS = 1_000
const MAX_TEXT = 256

/** Bearer tokens of the issuers that routes name. */
export interface TokenIssuers {
  /**
   * @param bearer what the route takes
   * @throws Refusal `token_invalid`, `groups_incomplete`, `provider_unreachable`
   */
  authenticate(token: string, bearer: RouteConfig['bearer']): Promise<Subject>
}

/** What is known of one issuer. */
interface Issuer {
  id: string
  config: TokenIssuerConfig
  keys: ReturnType<typeof createIssuerKeys>
}

/** Keys are fetched at first use. A token's verdict is kept for five minutes at most, and never beyond its expiry. */
export function createTokenIssuers(
  configs: Readonly<Record<string, TokenIssuerConfig>>,
  fetchKeys: FetchKeys,
): TokenIssuers {
  const issuers = new Map(
    Object.entries(configs).map(([id, config]): [string, Issuer] => [
      id,
      { id, config, keys: createIssuerKeys(id, config, fetchKeys) },
    ]),
  )
  // Expiry is a time of the clock; the default measures by one that may stand still while the machine sleeps.
  const clock = { perf: { now: () => Date.now() }, ttlResolution: 0 }
  const cache = new LRUCache<string, Subject>({ max: MAX_CACHED, ttl: MAX_CACHED_MS, ...clock })

  async function subjectOf(token: string, issuer: Issuer, audience: string): Promise<Subject> {
    const key = digest(JSON.stringify([token, issuer.id, issuer.config.issuer, audience]))
    const cached = cache.get(key)
    if (cached) return cached
    const claims = await verifyAccessToken(token, issuer.keys, { issuer: issuer.config.issuer, audience })
    const subject = toSubject(claims, issuer, key)
    const ttl = Math.min(MAX_CACHED_MS, Math.floor(claims.exp * 1_000 - Date.now()))
    if (ttl > 0) cache.set(key, subject, { ttl })
    return subject
  }

  return {
    async authenticate(token, bearer) {
      const claimed = claimedIssuer(token)
      let refusal = new Refusal('token_invalid', 'a bearer token was refused: its issuer is none of this route')
      for (const { tokenIssuer, audience } of bearer) {
        const issuer = issuers.get(tokenIssuer)
        if (!issuer || issuer.config.issuer !== claimed) continue
        try {
          return await subjectOf(token, issuer, audience)
        } catch (error) {
          // A route may take one issuer's tokens for several audiences.
          if (!(error instanceof Refusal)) throw error
          refusal = error
        }
      }
      throw refusal
    },
  }
}

function toSubject(claims: AccessToken, { id, config }: Issuer, key: string): Subject {
  const name = [claims['client_id'], claims['azp'], claims.sub].find(
    (value) => typeof value === 'string' && value !== '',
  )
  return subjectOfProgram({
    id: digest(JSON.stringify(['program', config.issuer, claims.sub])),
    name: String(name).slice(0, MAX_TEXT),
    groups: groupsOf(claims, config.groupsClaim),
    provider: `token-issuer:${id}`,
    key: `bearer ${key}`,
  })
}

/** A rule may ask who is *not* in a group, so that groups are all there, or the token does not count. */
function groupsOf(claims: AccessToken, claim: string): string[] {
  const left = claims['_claim_names']
  const isElsewhere = typeof left === 'object' && left !== null && Object.hasOwn(left, claim)
  if (isElsewhere || claims['hasgroups'] === true) {
    throw new Refusal('groups_incomplete', `a bearer token leaves ${claim} out`)
  }
  const groups: unknown = Object.hasOwn(claims, claim) ? claims[claim] : []
  if (!Array.isArray(groups)) throw new Refusal('token_invalid', `a bearer token was refused: ${claim} is no list`)
  if (groups.length > MAX_GROUPS) throw new Refusal('groups_incomplete', `a bearer token has too many ${claim}`)
  const texts = groups.filter((group): group is string => typeof group === 'string' && group.length <= MAX_TEXT)
  if (texts.length < groups.length) {
    throw new Refusal('token_invalid', `a bearer token was refused: ${claim} has more than short texts`)
  }
  return texts
}
