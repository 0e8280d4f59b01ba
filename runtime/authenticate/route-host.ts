import { Hono } from 'hono'

import { APP_HOST_LOGO_PATH, logoResponse } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { POMERIUM_JWKS_PATH } from '../routes/index.ts'
import type { AppHost } from './app-host.ts'
import { beginSignIn, SIGN_IN_PATH } from './app-sign-in.ts'
import { answerCliSignIn, CLI_PATH, type CliHost, showCliSignIn } from './cli.ts'
import { CLI_TOKEN_PATH, redeemCli } from './cli-token.ts'
import type { AuthenticateContext, Bindings } from './context.ts'
import { HAND_OVER_PATH, redeemHandOver } from './hand-over.ts'
import { answerJwks } from './jwks.ts'
import { RESUME_PATH, resumeKeptBody } from './kept-body.ts'
import { showSignedOutOfApp, showSignOutOfApp, SIGN_OUT_PATH, SIGNED_OUT_PATH, signOutOfApp } from './sign-out.ts'

/** The gateway's own endpoints at apps' hosts: one for all of them, told with each request which host it is. */
export function createAppHosts(context: AuthenticateContext): Hono<{ Bindings: Bindings & { host: AppHost } }> {
  const app = new Hono<{ Bindings: Bindings & { host: AppHost } }>()
  app.onError((error) => {
    throw error
  })
  app.notFound(() => {
    throw new Refusal('not_found', 'no such page of the gateway')
  })
  app.get(HAND_OVER_PATH, (c) => redeemHandOver(context, c.env.host, c.req.raw))
  app.get(SIGN_IN_PATH, (c) => beginSignIn(context, c.env.host, c.req.raw))
  app.get(RESUME_PATH, (c) => resumeKeptBody(context, c.env.host, c.req.raw))
  app.get(SIGN_OUT_PATH, (c) => showSignOutOfApp(context, c.env.host, c.req.raw))
  app.post(SIGN_OUT_PATH, (c) => signOutOfApp(context, c.env.host, c.req.raw))
  app.get(SIGNED_OUT_PATH, (c) => showSignedOutOfApp(c.env.host, c.req.raw))
  app.get(APP_HOST_LOGO_PATH, (c) => {
    const { logo } = c.env.host.brand
    if (!logo) throw new Refusal('not_found', 'this brand has no logo')
    return logoResponse(logo, c.req.raw)
  })
  app.get(CLI_PATH, (c) => showCliSignIn(context, protectedHost(c.env.host), c.req.raw))
  app.post(CLI_PATH, (c) => answerCliSignIn(context, protectedHost(c.env.host), c.req.raw))
  app.post(CLI_TOKEN_PATH, (c) => redeemCli(context, protectedHost(c.env.host), c.req.raw))
  // Only a host where some route speaks as Pomerium gets requests for this path here.
  app.get(POMERIUM_JWKS_PATH, () => answerJwks(context))
  return app
}

/** @throws Refusal `not_found` where all is public: there is nobody to be */
function protectedHost(host: AppHost): CliHost {
  if (!host.main) throw new Refusal('not_found', 'no command-line sign-in at a public host')
  return { ...host, main: host.main }
}
