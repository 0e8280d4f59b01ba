import { keepBody, MAX_KEPT_BYTES, redirect, signInRedirect, type SignInRedirect } from '../authenticate/index.ts'
import { decisiveParts, missing } from '../policy/index.ts'
import { deniedPage, lookOf, type LookRequest, page as ownPage, pageHeaders } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import type { CanonicalTarget } from '../wire/index.ts'
import type { Authorization } from './authorize.ts'
import type { Exchange } from './exchange.ts'
import { readBody } from './read-body.ts'
import { wantsPage } from './respond.ts'
import type { RouteSite } from './sites.ts'

/** A form of a person takes no longer; a larger upload is read, and forgotten, so far that most get to see the answer. */
const BODY_BOUNDS = { keepBytes: MAX_KEPT_BYTES, readBytes: 8 * 1024 * 1024, withinMs: 10_000 }

/**
 * A browser is sent to sign in, with its form kept where that is possible; a program is told that it must.
 * @throws Refusal `sign_in_required` (RFC 9110 §15.5.2)
 */
export async function challenge(exchange: Exchange, site: RouteSite, target: CanonicalTarget): Promise<Response> {
  const { request } = exchange
  const returnTo = target.path + target.query
  const page = wantsPage(request.headers)
  if (page && (request.method === 'GET' || request.method === 'HEAD')) {
    return redirectToSignIn(signInFor(exchange, site, returnTo, false))
  }
  const kept = page && request.method === 'POST' ? await keep(exchange, site, returnTo) : undefined
  if (kept) return redirect(kept.url, [kept.cookie])
  // By a link: opened, the page leads to sign in and back.
  throw new Refusal('sign_in_required', 'no session at this host', { retry: returnTo })
}

/** Somebody whom the route's rule does not let in. */
type Denied = Extract<Authorization, { outcome: 'access_denied' }>

/** Tells somebody who is signed in that the app is not for them. @throws Refusal `access_denied` to a program */
export function denial(
  exchange: Exchange,
  site: RouteSite,
  target: CanonicalTarget,
  denied: Denied,
  asked: LookRequest,
): Response {
  const { request, requestId, log } = exchange
  const { subject, input, reason } = denied
  const explanation = site.policy?.explain(input)
  const decided =
    explanation && decisiveParts(explanation).map(({ rule, outcome, error }) => ({ rule, outcome, error }))
  log.info({ requestId, route: site.id, person: subject.id, reason, decided }, 'Denied')
  if (!wantsPage(request.headers)) throw new Refusal('access_denied', 'the rule of the route is not met')
  const { url, cookie } = signInFor(exchange, site, target.path + target.query, true)
  const { look } = lookOf(site.brand, asked)
  const content = deniedPage(look, {
    person: subject.email || subject.name,
    destination: new URL(site.origin).hostname,
    needs: explanation ? missing(explanation) : 'nothing',
    switchHref: url,
    signOutHref: `${site.brand.url}/sign-out`,
    requestId,
  })
  return ownPage(look, content, { status: 403, setCookies: [cookie] })
}

/** Only from a page of this very host: a form of another site would come back with an Origin that the app trusts. */
async function keep(exchange: Exchange, site: RouteSite, target: string) {
  const { request, response, release } = exchange
  if (request.headers.origin !== site.origin) return undefined
  const body = await readBody(request, response, BODY_BOUNDS)
  const { context } = release
  if (typeof body === 'string' || !isPlainForm(request.headers['content-type'])) return undefined
  if (!(await context.limits.mayKeepBody(context.limits.clientOf(request)))) return undefined
  // Its escapes are ASCII; what is not will not be written alike again, and so not be kept.
  const form = { target, body: body.toString('latin1') }
  return keepBody(context, site, form, request.headers.cookie)
}

function isPlainForm(contentType = ''): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(contentType.trim())
}

function redirectToSignIn({ url, cookie }: SignInRedirect): Response {
  return new Response(null, { status: 302, headers: { location: url, 'set-cookie': cookie, ...pageHeaders({}) } })
}

function signInFor({ request, release }: Exchange, site: RouteSite, returnTo: string, switching: boolean) {
  return signInRedirect(release.context, site, returnTo, request.headers.cookie, switching)
}
