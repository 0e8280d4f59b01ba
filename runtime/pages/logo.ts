import { createHash } from 'node:crypto'

import type { ImageConfig } from '../config.ts'

/** An hour: a new logo is seen on the same day, and a page of many buttons asks for none twice. */
const CACHE_SECONDS = 3_600

interface Served {
  body: Uint8Array<ArrayBuffer>
  etag: string
}

/** Decoded once for each release. */
const served = new WeakMap<ImageConfig, Served>()

/**
 * Serves a logo. Opened by itself it is a document of this host, so it gets no script, no origin and nothing to load
 * (CSP Level 3 §6.3, `sandbox`); in an `<img>` none of that exists anyway.
 * @param request its If-None-Match is answered with 304 (RFC 9110 §13.1.2)
 */
export function logoResponse(image: ImageConfig, request?: { headers: Headers }): Response {
  const { body, etag } = serve(image)
  const headers = {
    etag,
    'cache-control': `public, max-age=${CACHE_SECONDS}`,
    'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
  const known = request?.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  if (known?.includes(etag) || known?.includes('*')) return new Response(null, { status: 304, headers })
  return new Response(body, { headers: { ...headers, 'content-type': image.type } })
}

function serve(image: ImageConfig): Served {
  const known = served.get(image)
  if (known) return known
  const body = Uint8Array.from(Buffer.from(image.data, 'base64'))
  const made = { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
  served.set(image, made)
  return made
}
