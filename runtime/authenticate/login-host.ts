import { Hono } from 'hono'

import type { BrandConfig } from '../config.ts'
import { BRAND_LOGO_PATH, homePage, logoResponse, lookOf, page } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import { endByBackChannel } from './back-channel-logout.ts'
import { beginSignIn } from './begin-sign-in.ts'
import { finishSignIn } from './callback.ts'
import { mayAdminister } from './administrators.ts'
import type { AuthenticateContext, Bindings, LoginRequest } from './context.ts'
import { endByFrontChannel } from './front-channel-logout.ts'
import { answerJwks } from './jwks.ts'
import { redirect } from './redirect.ts'
import { showSignIn } from './sign-in.ts'
import { showSignOut, signOut } from './sign-out.ts'
import { showSignedOut } from './signed-out.ts'
import { mountOwnWays, mountSteps } from './step-endpoints.ts'

/** Endpoints of a login host, in the shape that others mount theirs in. */
export type LoginApp = Hono<{ Bindings: Bindings }>

/** Every endpoint of a brand's login host. Errors go to the caller, which has the one table from code to status. */
export function createLoginHost(context: AuthenticateContext, brandId: string, brand: BrandConfig): LoginApp {
  const app: LoginApp = new Hono()
  app.onError((error) => {
    throw error
  })
  app.notFound(() => {
    throw new Refusal('not_found', 'no such page at the login host')
  })
  const currentSession = (request: Request) =>
    context.sessions.find(readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE), brandId)
  const at = { id: brandId, config: brand }
  const login = (request: Request, { client }: Bindings): LoginRequest => ({ context, brand: at, request, client })

  app.get('/', async (c) => {
    const session = await currentSession(c.req.raw)
    if (!session) return redirect('/sign-in')
    const person = session.person.email || session.person.name
    const { look, setCookies } = lookOf(brand, c.req.raw)
    const isAdmin = mayAdminister(login(c.req.raw, c.env), session)
    const hrefs = { accountHref: '/account', ...(isAdmin ? { adminHref: '/admin' } : {}), signOutHref: '/sign-out' }
    return page(look, homePage(look, { person, ...hrefs }), { setCookies })
  })
  app.get(BRAND_LOGO_PATH, (c) => {
    if (!brand.logo) throw new Refusal('not_found', 'this brand has no logo')
    return logoResponse(brand.logo, c.req.raw)
  })
  app.get('/logo/:provider', (c) => {
    const id = c.req.param('provider')
    const logo = brand.identityProviders.includes(id) ? context.config.identityProviders[id]?.logo : undefined
    if (!logo) throw new Refusal('not_found', 'no such identity provider has a logo')
    return logoResponse(logo, c.req.raw)
  })
  app.get('/sign-in', (c) => showSignIn(login(c.req.raw, c.env)))
  // Their addresses could be those of providers, which come after.
  mountOwnWays(app, login)
  app.get('/sign-in/:provider', (c) => beginSignIn(login(c.req.raw, c.env), c.req.param('provider')))
  app.on(['GET', 'POST'], '/callback/:provider', (c) => finishSignIn(login(c.req.raw, c.env), c.req.param('provider')))
  mountSteps(app, login)
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
