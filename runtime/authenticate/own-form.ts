import { Refusal } from '../refusal.ts'
import type { LoginRequest } from './context.ts'
import { readPostedForm } from './posted-form.ts'

/** Of a form with short fields and what an authenticator says. */
const MAX_BYTES = 48 * 1024

/**
 * Reads a form that was on a page of this very login host. Siblings such as hello.acme.com are same-site with login.acme.com: a
 * Lax cookie travels, so only the exact Origin tells who asks (Fetch §3.2; browsers send it with every POST).
 * @throws Refusal `origin_mismatch`, `request_malformed`
 */
export async function readOwnForm({
  brand,
  request,
}: Pick<LoginRequest, 'brand' | 'request'>): Promise<URLSearchParams> {
  if (request.headers.get('origin') !== brand.config.url) {
    throw new Refusal('origin_mismatch', 'the form was on a page of another host')
  }
  return readPostedForm(request, MAX_BYTES)
}
