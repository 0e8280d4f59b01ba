import * as z from 'zod'

import type { RuntimeConfig } from '../config.ts'
import type { Sealer } from '../keys/index.ts'
import { coversOrigin } from '../routes/index.ts'
import type { RouteAtHost } from './app-host.ts'

const KIND = 'hand-over-request'
const LIFETIME_MS = 10 * 60_000
/** A longer address is not kept over sign-in: it has to fit, sealed, into one cookie of 4 KiB. */
const MAX_RETURN_TO = 2_000

/** Checked again after unsealing: a key may have outlived the shape. */
export const handOverRequestSchema = z.strictObject({
  brand: z.string(),
  /** Whose providers are offered, and who says how people must sign in. */
  route: z.string(),
  /** Of the host that asks. */
  origin: z.string(),
  returnTo: z.string().startsWith('/'),
  bindingHash: z.string(),
  expiresAt: z.number(),
})

/** An app's host asking the login host for a session, on behalf of one browser; it travels through that browser, sealed. */
export type HandOverRequest = z.infer<typeof handOverRequestSchema>

/** @returns the request as text for a URL; it is good for ten minutes */
export function sealHandOverRequest(sealer: Sealer, request: Omit<HandOverRequest, 'expiresAt'>): string {
  const returnTo = JSON.stringify(request.returnTo).length <= MAX_RETURN_TO ? request.returnTo : '/'
  return sealer.seal(KIND, '', JSON.stringify({ ...request, returnTo, expiresAt: Date.now() + LIFETIME_MS }))
}

/** @returns nothing when it was not sealed by us, was changed, is of another brand, or is too old */
export function openHandOverRequest(sealer: Sealer, sealed: string, brand: string): HandOverRequest | undefined {
  const request = read(sealer, sealed)
  return request?.brand === brand && Date.now() < request.expiresAt ? request : undefined
}

/**
 * The route that a request is for, at the host that asked: one that the configuration in force still has there. Nobody is sent
 * to any other address.
 */
export function requestedRoute(
  { routes }: Pick<RuntimeConfig, 'routes'>,
  { route: id, brand, origin }: HandOverRequest,
): RouteAtHost | undefined {
  const config = Object.hasOwn(routes, id) ? routes[id] : undefined
  return config?.brand === brand && coversOrigin(config.from, origin) ? { id, config, origin } : undefined
}

/**
 * Who left the sign-in page open for longer than a request lives still wants to get to the app: there, a new one is made.
 * @returns the address that a request of this brand came from, however old it is; the sign-in page when there is none
 */
export function requestedAddress(
  sealer: Sealer,
  config: Pick<RuntimeConfig, 'routes'>,
  sealed: string,
  brand: string,
): string {
  const request = read(sealer, sealed)
  const route = request?.brand === brand ? requestedRoute(config, request) : undefined
  return request && route ? `${route.origin}${request.returnTo}` : '/sign-in'
}

function read(sealer: Sealer, sealed: string): HandOverRequest | undefined {
  const plain = sealer.open(KIND, '', sealed)
  return plain === undefined ? undefined : handOverRequestSchema.safeParse(JSON.parse(plain)).data
}
