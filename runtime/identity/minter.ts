import { randomUUID } from 'node:crypto'

import type { IdentityForApp } from '../config.ts'
import { flat } from '../flat.ts'
import type { Signer } from '../keys/index.ts'
import { claimHeaders, type Header } from './claim-headers.ts'
import { assertionClaims, pomeriumClaims } from './claims.ts'
import { ASSERTION_HEADER, POMERIUM_ASSERTION_HEADER } from './header-names.ts'
import type { Subject } from './subject.ts'

/** Seconds. What an app could still be shown after a session ended. */
export const LIFETIME_SECONDS = 300

/** For which app, and by whom. */
export interface RouteIdentityOptions {
  /** The brand's login URL (`iss`). */
  issuer: string
  routeId: string
  identity: IdentityForApp
}

/** Makes what one route's app is sent. */
export class Minter {
  readonly identity: IdentityForApp
  private readonly issuer: string
  private readonly signer: Signer

  constructor(signer: Signer, { issuer, identity }: RouteIdentityOptions) {
    this.signer = signer
    this.issuer = issuer
    this.identity = identity
  }

  /**
   * The assertion and the claim headers.
   * @param origin of the route at this request's host (`aud`)
   * @param own what only this one has
   */
  mint(subject: Subject, origin: string, own: { jti?: string }): readonly Header[] {
    const { claims: chosen, bearer, headers } = this.identity
    const claims = { ...assertionClaims(subject, chosen), iss: this.issuer, aud: origin, ...own }
    const token = flat(this.signer.sign(claims, LIFETIME_SECONDS))
    return [
      [ASSERTION_HEADER, token],
      ...(bearer ? [['Authorization', `Bearer ${token}`] as const] : []),
      ...claimHeaders(subject, headers),
    ]
  }

  /**
   * The same with Pomerium's assertion, which is one of its own for each request, under the host's name alone. Where a route
   * does not ask for that, nothing is changed.
   */
  withPomerium(headers: readonly Header[], subject: Subject, origin: string): readonly Header[] {
    const { claims, headers: named, pomerium } = this.identity
    if (!pomerium) return headers
    const host = new URL(origin).hostname
    const chosen = [...claims, ...Object.values(named)]
    const payload = { ...pomeriumClaims(subject, chosen), iss: host, aud: host, jti: randomUUID() }
    return [...headers, [POMERIUM_ASSERTION_HEADER, this.signer.sign(payload, LIFETIME_SECONDS)]]
  }
}
