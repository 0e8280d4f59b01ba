import { randomUUID } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { Signer } from '../keys/index.ts'
import type { Header } from './claim-headers.ts'
import { requireUsable } from './header-names.ts'
import { LIFETIME_SECONDS, Minter, type RouteIdentityOptions } from './minter.ts'
import type { Subject } from './subject.ts'

/** Made anew at half its life, so that an app always has minutes to verify it. */
const RENEW_AFTER_MS = (LIFETIME_SECONDS / 2) * 1_000

/** For those who come without a session, such as programs; what belongs to one is kept with its pass. */
const MAX_CACHED_BYTES = 4 * 1024 * 1024
/** What an entry takes beside its texts. */
const ENTRY_BYTES = 320

/** What an app is sent of somebody, and how long the same may be sent. */
export interface IssuedIdentity {
  readonly headers: readonly Header[]
  /** Milliseconds since 1970; 0 where it is for one request alone. */
  readonly until: number
}

/** Tells one route's app who is there. */
export interface RouteIdentity {
  /** @param origin of the route at this request's host (`aud`) */
  issue(subject: Subject, origin: string): IssuedIdentity
}

/** Makes routes' identities; what all of them keep is bounded together. */
export interface Identities {
  /** @throws TypeError when a route names a header that nobody may set so */
  forRoute(options: RouteIdentityOptions): RouteIdentity
}

/** @param signer of the release: with another key, nothing of before is used */
export function createIdentities(signer: Signer): Identities {
  const issued = new LRUCache<string, IssuedIdentity>({
    maxSize: MAX_CACHED_BYTES,
    sizeCalculation: ({ headers }, key) =>
      headers.reduce((size, [, value]) => size + value.length, key.length + ENTRY_BYTES),
  })
  return {
    forRoute(options) {
      requireUsable(options.identity)
      const { routeId, identity } = options
      const minter = new Minter(signer, options)
      if (identity.assertion === 'per_request' || identity.pomerium) return { issue: forOneRequest(minter) }
      return {
        issue(subject, origin) {
          const key = JSON.stringify([routeId, origin, subject.key])
          const known = issued.get(key)
          // A clock that was set back makes nothing valid for longer.
          const left = known === undefined ? 0 : known.until - Date.now()
          if (known !== undefined && left > 0 && left <= RENEW_AFTER_MS) return known
          const fresh = { headers: minter.mint(subject, origin, {}), until: Date.now() + RENEW_AFTER_MS }
          issued.set(key, fresh)
          return fresh
        },
      }
    },
  }
}

/** Pomerium makes its assertion anew each time, too. */
function forOneRequest(minter: Minter): RouteIdentity['issue'] {
  const isFresh = minter.identity.assertion === 'per_request'
  return (subject, origin) => {
    const own = minter.mint(subject, origin, isFresh ? { jti: randomUUID() } : {})
    return { headers: minter.withPomerium(own, subject, origin), until: 0 }
  }
}
