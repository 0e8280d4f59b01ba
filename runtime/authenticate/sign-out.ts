import { type BrandConfig, signedOutUrl } from '../config.ts'
import { lookOf, page, SIGN_OUT_SCOPE, signedOutPage, signOutPage } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import type { AppHost } from './app-host.ts'
import type { AuthenticateContext } from './context.ts'
import { isForm, readPostedForm } from './posted-form.ts'
import { redirect } from './redirect.ts'
import { sealSignOutNote, type SignOutNote } from './signed-out.ts'

/** The path at an app's host that asks and ends: of this app or of everything; POST with the host's own Origin. */
export const SIGN_OUT_PATH = '/.gatewright/sign-out'

/** Where an app's host says that its session has ended; opening the app itself would sign in again at once. */
export const SIGNED_OUT_PATH = '/.gatewright/signed-out'

/** A form that says how far to sign out has one short field. */
const MAX_FORM_BYTES = 1_024

/** Asks before signing out, so that no other site can sign anybody out by a link. */
export async function showSignOut(context: AuthenticateContext, brandId: string, brand: BrandConfig, request: Request) {
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = await context.sessions.findToEnd(cookies.get(SESSION_COOKIE), brandId)
  if (!session) return redirect('/signed-out')
  const { location } = await wayOut(context, brand, session)
  const { look, setCookies } = lookOf(brand, request)
  const content = signOutPage(look, { person: nameOf(session), action: '/sign-out' })
  return page(look, content, { formAction: formAction(location), setCookies })
}

/** Asks at an app's host how far to sign out; who has no session there is sent to the page of the login host. */
export async function showSignOutOfApp(context: AuthenticateContext, host: AppHost, request: Request) {
  const { brand, origin } = host
  const session = await sessionAt(context, host, request)
  if (!session) return redirect(`${brand.url}/sign-out`)
  const { location } = await wayOut(context, brand, session)
  const { look, setCookies } = lookOf(brand, request)
  const content = signOutPage(look, { person: nameOf(session), action: SIGN_OUT_PATH, app: new URL(origin).hostname })
  return page(look, content, { formAction: formAction(location, brand.url), setCookies })
}

/**
 * Ends the session of the login host everywhere here, then at the provider.
 * @throws Refusal `origin_mismatch` when the form was not on a page of this very host
 */
export async function signOut(context: AuthenticateContext, brandId: string, brand: BrandConfig, request: Request) {
  requireOwnOrigin(request, brand.url)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = await context.sessions.findToEnd(cookies.get(SESSION_COOKIE), brandId)
  return session ? endEverything(context, brand, session) : redirect('/signed-out', [REMOVAL])
}

/**
 * Ends the session at an app's host: alone where the form says `scope=app`, and else with all others.
 * @throws Refusal `origin_mismatch` when the form was not on a page of this very host, `request_malformed`
 */
export async function signOutOfApp(context: AuthenticateContext, host: AppHost, request: Request) {
  requireOwnOrigin(request, host.origin)
  // An app may send its own request here, without any form: then everything is meant.
  const scope = isForm(request) ? (await readPostedForm(request, MAX_FORM_BYTES)).get(SIGN_OUT_SCOPE.field) : undefined
  if (scope === SIGN_OUT_SCOPE.app) {
    const cookie = readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE)
    if (cookie !== undefined) await context.sessions.endAtHost(cookie)
    return redirect(SIGNED_OUT_PATH, [REMOVAL])
  }
  const session = await sessionAt(context, host, request)
  // There may still be a session at the login host: only that page can tell.
  return session ? endEverything(context, host.brand, session) : redirect(`${host.brand.url}/sign-out`, [REMOVAL])
}

/** Says that one app's session has ended, and that the others have not. */
export function showSignedOutOfApp({ brand, origin }: AppHost, request: Request): Response {
  const app = new URL(origin).hostname
  const { look, setCookies } = lookOf(brand, request)
  const content = signedOutPage(look, {
    app,
    ended: [{ at: app }],
    remaining: [{ at: brand.name, because: 'app_alone' }],
    signInHref: '/',
    signOutHref: `${brand.url}/sign-out`,
  })
  return page(look, content, { setCookies })
}

/**
 * Siblings such as hello.acme.com are same-site with login.acme.com: a Lax cookie travels, so only the exact Origin tells
 * who asks (Fetch §3.2; browsers send it with every POST).
 * @throws Refusal `origin_mismatch`
 */
export function requireOwnOrigin(request: Request, ownOrigin: string): void {
  if (request.headers.get('origin') !== ownOrigin)
    throw new Refusal('origin_mismatch', 'the form was on a page of another host')
}

const REMOVAL = setCookie(SESSION_COOKIE, '', 0)

async function endEverything(context: AuthenticateContext, brand: BrandConfig, session: Session): Promise<Response> {
  await context.sessions.end(session)
  const { location, atProvider } = await wayOut(context, brand, session)
  const note = { brand: session.brand, identityProvider: session.identityProvider, atProvider }
  location.searchParams.set('state', sealSignOutNote(context.sealer, note))
  return redirect(location.href, [REMOVAL])
}

/** Where a sign-out leads: over the provider's own where it has one. A provider that cannot be reached keeps nobody here. */
async function wayOut(
  { providers }: AuthenticateContext,
  brand: BrandConfig,
  { identityProvider, subject }: Session,
): Promise<{ location: URL; atProvider: SignOutNote['atProvider'] }> {
  const home = new URL(signedOutUrl(brand.url))
  try {
    const location = await providers.get(identityProvider)?.endSessionUrl(brand.url, subject)
    return location ? { location, atProvider: 'asked' } : { location: home, atProvider: 'not_offered' }
  } catch (error) {
    if (error instanceof Refusal) return { location: home, atProvider: 'unreachable' }
    throw error
  }
}

function sessionAt({ sessions }: AuthenticateContext, { origin, demands }: AppHost, request: Request) {
  const cookie = readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE)
  return sessions.findToEndAtHost(cookie, origin, demands.brand)
}

/** Chromium holds a form's redirects against form-action as well. */
function formAction(...next: (URL | string)[]): string[] {
  return ["'self'", ...new Set(next.map((url) => new URL(url).origin))]
}

function nameOf({ person }: Session): string {
  return person.email || person.name
}
