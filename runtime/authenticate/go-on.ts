import { goOnPage } from '../pages/flows/index.ts'
import { lookOf } from '../pages/index.ts'
import type { LoginRequest } from './context.ts'
import type { Onward } from './start-session.ts'

/**
 * Answers a form of ours by a page that goes on by itself. A redirect would not do: Chromium holds all that follow a form
 * against its page's `form-action` (CSP Level 3 §6.4.1), and nobody knows where an app or a provider leads.
 */
export function goOn(
  { brand, request }: Pick<LoginRequest, 'brand' | 'request'>,
  { location, setCookies }: Onward,
): Response {
  const { look } = lookOf(brand.config, request)
  return goOnPage(look, { href: location, setCookies })
}
