import { redirect } from '../authenticate/index.ts'
import { page, type PageContent } from '../pages/index.ts'
import type { Visit } from './visit.ts'
import type { Done } from './words/index.ts'

/** The answer to a form that cannot be taken as it is (RFC 9110 §15.5.21). */
export const NOT_TAKEN = 422

/** The answer to a change that what is there by now stands against (RFC 9110 §15.5.10). */
export const IN_THE_WAY = 409

/** Sends a page with forms of this host. @param setCookies beside those of every page */
export function show(
  { look, setCookies: own }: Visit,
  content: PageContent,
  { status = 200, setCookies = [] }: { status?: number; setCookies?: readonly string[] } = {},
): Response {
  return page(look, content, { status, formAction: ["'self'"], setCookies: [...own, ...setCookies] })
}

/** Goes on to a page that says what was done, so that a reload does not do it again. */
export function goBack(path: string, done: Done): Response {
  return redirect(`${path}?${new URLSearchParams({ done }).toString()}`)
}
