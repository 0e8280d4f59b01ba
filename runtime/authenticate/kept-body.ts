import { lookOf, page, resumePage } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { digest, newOpaqueValue, readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { KeptBody } from '../store/index.ts'
import type { AppHost, RouteAtHost } from './app-host.ts'
import { bindBrowser, isBoundTo } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import { readRepeatableForm } from './kept-form.ts'
import { redirect } from './redirect.ts'
import { openReturnAddress, sealReturnAddress } from './return-address.ts'
import { boundSignInRedirect, signInRedirect, type SignInRedirect } from './sign-in-redirect.ts'

/** Where an app's host shows a form that waited for its sender to sign in. */
export const RESUME_PATH = '/.gatewright/resume'

/** In bytes; what is larger has to be sent again. */
export const MAX_KEPT_BYTES = 64 * 1024

const KIND = 'kept-body'
const LIFETIME_MS = 10 * 60_000

/**
 * Keeps a form, sealed, and sends its browser to sign in. It is the caller's to see that the form came from a page of
 * this very host: whatever another site sends would otherwise return with an Origin that the app trusts.
 * @param form `target` is the canonical path and query, `body` at most `MAX_KEPT_BYTES` long
 * @returns nothing, and keeps nothing, when the form could not be repeated exactly
 */
export async function keepBody(
  context: AuthenticateContext,
  route: RouteAtHost,
  form: { target: string; body: string },
  cookieHeader: string | undefined,
): Promise<SignInRedirect | undefined> {
  if (!readRepeatableForm(form.body)) return undefined
  const { sealer, store } = context
  const value = newOpaqueValue()
  const id = digest(value)
  const binding = bindBrowser(readOwnCookies(cookieHeader))
  await store.insertKeptBody({
    id,
    origin: route.origin,
    bindingHash: binding.hash,
    target: form.target,
    sealedBody: sealer.seal(KIND, id, form.body),
    expiresAt: Date.now() + LIFETIME_MS,
  })
  const query = new URLSearchParams({ id: value })
  const to = sealReturnAddress(sealer, id, { origin: route.origin, target: form.target, bindingHash: binding.hash })
  // The hand-over request has to hold all of it.
  if (to !== '' && to.length < 1_000) query.set('to', to)
  return boundSignInRedirect(context, route, `${RESUME_PATH}?${query.toString()}`, binding, false)
}

/**
 * Shows a kept form to its sender, who sends it on by a click: once, in the browser that sent it, at the host it was for.
 * Who is not signed in (or not any more) is sent there first, and the form is kept meanwhile.
 * @throws Refusal `kept_body_gone`
 */
export async function resumeKeptBody(context: AuthenticateContext, host: AppHost, request: Request): Promise<Response> {
  const { sealer, sessions, store } = context
  const { brand, demands, main, origin } = host
  const { searchParams, pathname, search } = new URL(request.url)
  const header = request.headers.get('cookie')
  const cookies = readOwnCookies(header)
  const values = searchParams.getAll('id')
  const id = digest(values[0] ?? '')
  const gone = (): Refusal => {
    const retry = openReturnAddress(sealer, id, searchParams.get('to'), { origin, cookies })
    return new Refusal('kept_body_gone', 'the form is unknown, used, too old, or of another browser or host', {
      retry,
    })
  }
  // HEAD would use it up and show nobody what it was.
  if (!main || values.length !== 1 || request.method !== 'GET') throw gone()
  if (!(await sessions.findAtHost(cookies.get(SESSION_COOKIE), origin, demands))) {
    const { url, cookie } = signInRedirect(context, main, pathname + search, header, false)
    return redirect(url, [cookie])
  }
  const kept = await store.takeKeptBody(id, Date.now())
  const body = kept && isFor(kept, origin, cookies) ? sealer.open(KIND, id, kept.sealedBody) : undefined
  const fields = body === undefined ? undefined : readRepeatableForm(body)
  if (!kept || !fields) throw gone()
  // Asked for again, in another language, the form would be gone.
  const look = { ...lookOf(brand, request).look, here: undefined }
  const content = resumePage(look, { host: new URL(origin).host, target: kept.target, fields })
  return page(look, content, { formAction: 'anywhere' })
}

function isFor(kept: KeptBody, origin: string, cookies: ReadonlyMap<string, string>): boolean {
  return kept.origin === origin && isBoundTo(cookies, kept.bindingHash)
}
