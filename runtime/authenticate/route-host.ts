import { Hono } from 'hono'

import type { RouteConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { answerCliSignIn, CLI_PATH, showCliSignIn } from './cli.ts'
import { CLI_TOKEN_PATH, redeemCli } from './cli-token.ts'
import type { AuthenticateContext, Bindings } from './context.ts'
import { HAND_OVER_PATH, redeemHandOver } from './hand-over.ts'
import { RESUME_PATH, resumeKeptBody } from './kept-body.ts'
import { showSignedOutOfApp, showSignOutOfApp, SIGN_OUT_PATH, SIGNED_OUT_PATH, signOutOfApp } from './sign-out.ts'

/** Paths below this one, on every app's host, are the gateway's and never the app's. */
export const OWN_PATH_PREFIX = '/.gatewright/'

/** The gateway's own endpoints at an app's host. */
export function createRouteHost(
  context: AuthenticateContext,
  routeId: string,
  route: RouteConfig,
): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()
  const brand = context.config.brands[route.brand]
  app.onError((error) => {
    throw error
  })
  app.notFound(() => {
    throw new Refusal('not_found', 'no such page of the gateway')
  })
  if (!brand) return app
  app.get(HAND_OVER_PATH, (c) => redeemHandOver(context, routeId, c.req.raw))
  app.get(RESUME_PATH, (c) => resumeKeptBody(context, routeId, c.req.raw))
  const host = { routeId, route, brand }
  app.get(SIGN_OUT_PATH, (c) => showSignOutOfApp(context, host, c.req.raw))
  app.post(SIGN_OUT_PATH, (c) => signOutOfApp(context, host, c.req.raw))
  app.get(SIGNED_OUT_PATH, () => showSignedOutOfApp(host))
  // On a public route there is nobody to be.
  if ('allow' in route.access) {
    app.get(CLI_PATH, (c) => showCliSignIn(context, host, c.req.raw))
    app.post(CLI_PATH, (c) => answerCliSignIn(context, host, c.req.raw))
    app.post(CLI_TOKEN_PATH, (c) => redeemCli(context, routeId, c.req.raw))
  }
  return app
}
