import { Hono } from 'hono'

import type { BrandConfig } from '../config.ts'
import { homePage, pageHeaders } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import { endByBackChannel } from './back-channel-logout.ts'
import { finishSignIn } from './callback.ts'
import type { AuthenticateContext, Bindings } from './context.ts'
import { endByFrontChannel } from './front-channel-logout.ts'
import { answerJwks } from './jwks.ts'
import { redirect } from './redirect.ts'
import { beginSignIn, showSignIn } from './sign-in.ts'
import { showSignOut, signOut } from './sign-out.ts'
import { showSignedOut } from './signed-out.ts'

/** Every endpoint of a brand's login host. Errors go to the caller, which has the one table from code to status. */
export function createLoginHost(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()
  app.onError((error) => {
    throw error
  })
  app.notFound(() => {
    throw new Refusal('not_found', 'no such page at the login host')
  })
  const currentSession = (request: Request) =>
    context.sessions.find(readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE), brandId)

  app.get('/', async (c) => {
    const session = await currentSession(c.req.raw)
    if (!session) return redirect('/sign-in')
    const person = session.person.email || session.person.name
    return new Response(homePage({ brandName: brand.name, person, signOutHref: '/sign-out' }), {
      headers: pageHeaders({}),
    })
  })
  app.get('/sign-in', (c) => showSignIn(context, brandId, brand, c.req.raw))
  app.get('/sign-in/:provider', (c) => beginSignIn(context, brandId, brand, c.req.param('provider'), c.req.raw))
  app.on(['GET', 'POST'], '/callback/:provider', (c) =>
    finishSignIn(context, brandId, brand, c.req.param('provider'), c.req.raw),
  )
  app.get('/sign-out', (c) => showSignOut(context, brandId, brand, c.req.raw))
  app.post('/sign-out', (c) => signOut(context, brandId, brand, c.req.raw))
  // It must not be said to somebody who is still signed in.
  app.get('/signed-out', async (c) =>
    (await currentSession(c.req.raw)) ? redirect('/') : showSignedOut(context, brandId, brand, c.req.raw),
  )
  app.post('/back-channel-logout/:provider', (c) => endByBackChannel(context, c.req.param('provider'), c.req.raw))
  app.get('/front-channel-logout/:provider', (c) => endByFrontChannel(context, c.req.param('provider'), c.req.raw))
  app.get('/.well-known/jwks.json', () => answerJwks(context))
  return app
}
