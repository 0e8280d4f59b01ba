import { LRUCache } from 'lru-cache'

import type { Signer } from '../keys/index.ts'
import type { Subject } from './subject.ts'

/** The header in which an app finds the assertion. */
export const ASSERTION_HEADER = 'X-Gatewright-Assertion'

/** Seconds. What an app could still be shown after a session ended. */
const LIFETIME_SECONDS = 300
/** Minted anew at half its life, so that an app always has minutes to verify it. */
const RENEW_AFTER_MS = (LIFETIME_SECONDS / 2) * 1_000
/** Of all group names together. Many servers take no header above 8 KiB; what is left out is marked `groups_truncated`. */
const MAX_GROUP_BYTES = 3 * 1024
const MAX_CACHED_BYTES = 32 * 1024 * 1024

/** Tells apps who is there: a short-lived JWT of our own (RFC 7519), ES256. */
export interface Assertions {
  /**
   * @param issuer the brand's login URL (`iss`)
   * @param audience the route's origin (`aud`)
   */
  for(subject: Subject, issuer: string, audience: string): Promise<string>
}

/** Tokens are kept and reused for half their life, and therefore carry no `jti`. */
export function createAssertions(signer: Signer): Assertions {
  const cache = new LRUCache<string, string>({
    maxSize: MAX_CACHED_BYTES,
    sizeCalculation: (token, key) => token.length + key.length,
    ttl: RENEW_AFTER_MS,
  })
  return {
    async for(subject, issuer, audience) {
      const key = JSON.stringify([subject.key, issuer, audience])
      const cached = cache.get(key)
      if (cached !== undefined) return cached
      const { id, email, name, groups } = subject
      const bounded = withinBytes(groups, MAX_GROUP_BYTES)
      const claims = {
        iss: issuer,
        aud: audience,
        sub: id,
        ...(email ? { email } : {}),
        name,
        groups: bounded,
        ...(bounded.length < groups.length ? { groups_truncated: true } : {}),
      }
      const token = await signer.sign(claims, LIFETIME_SECONDS)
      cache.set(key, token)
      return token
    },
  }
}

function withinBytes(groups: readonly string[], limit: number): string[] {
  let left = limit
  return groups.filter((group) => {
    left -= Buffer.byteLength(group) + 3
    return left >= 0
  })
}
