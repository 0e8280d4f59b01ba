import type { BrandConfig } from '../config.ts'
import { pageHeaders, signedOutPage, signOutPage } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import type { AuthenticateContext } from './context.ts'
import { redirect } from './redirect.ts'

/** The path at an app's host and at the login host that ends the session; POST with the host's own Origin. */
export const SIGN_OUT_PATH = '/.gatewright/sign-out'

/** Asks before signing out, so that no other site can sign anybody out by a link. */
export async function showSignOut(context: AuthenticateContext, brandId: string, brand: BrandConfig, request: Request) {
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = await context.sessions.find(cookies.get(SESSION_COOKIE), brandId)
  if (!session) return redirect('/signed-out')
  const next = await endSessionUrl(context, brand, session)
  const page = signOutPage({
    brandName: brand.name,
    person: session.person.email || session.person.name,
    action: '/sign-out',
  })
  // Chromium holds a form's redirects against form-action as well.
  return new Response(page, { headers: pageHeaders({ formAction: ["'self'", ...(next ? [next.origin] : [])] }) })
}

/**
 * Ends the session everywhere here, then at the provider.
 * @param session the one that the browser's cookie stands for, where it stands for one
 * @throws Refusal `origin_mismatch` when the form was not on a page of this very host
 */
export async function signOut(
  context: AuthenticateContext,
  brand: BrandConfig,
  session: Session | undefined,
  request: Request,
  ownOrigin: string,
): Promise<Response> {
  requireOwnOrigin(request, ownOrigin)
  const removal = setCookie(SESSION_COOKIE, '', 0)
  // At an app's host there may still be a session at the login host: only that page can tell.
  if (!session) return redirect(`${brand.url}${ownOrigin === brand.url ? '/signed-out' : '/sign-out'}`, [removal])
  await context.sessions.end(session)
  const next = await endSessionUrl(context, brand, session)
  return redirect(next?.href ?? `${brand.url}/signed-out`, [removal])
}

/** Where everybody ends who signed out. */
export function showSignedOut(brand: BrandConfig): Response {
  const page = signedOutPage({
    brandName: brand.name,
    ended: [`Your session at ${brand.name}, and at every app behind it`],
    signInHref: '/sign-in',
  })
  return new Response(page, { headers: pageHeaders({}) })
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

/** A provider that cannot be reached must not keep anybody from signing out here. */
async function endSessionUrl({ providers }: AuthenticateContext, brand: BrandConfig, session: Session) {
  try {
    return await providers.get(session.identityProvider)?.endSessionUrl(brand.url, session.subject)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
