import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { Logger } from 'pino'

import { pageHeaders } from '../../../runtime/pages/index.ts'
import type { IdentityProviderConfig } from './config.ts'
import { frontPage } from './pages.ts'
import { oneLine } from '../../../runtime/program/index.ts'
import { describeRefusal, refuse, sendPage } from './respond.ts'

/**
 * Policy for what oidc-provider sends by itself, that is pages whose form submits itself. It adds the digest of their script
 * to `script-src`, which has to be there for that; we serve no script, so that 'self' allows none.
 */
const SELF_SUBMITTING =
  "default-src 'none'; script-src 'self'; form-action 'self' http: https:; frame-ancestors 'none'; base-uri 'none'"

/**
 * Serves a provider under its issuer's host, and under no other name.
 * @param steps answers the pages that people take part in; stands between our frame and oidc-provider's own routes
 */
export function createHandler(
  provider: Provider,
  config: IdentityProviderConfig,
  log: Logger,
  steps: Middleware,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { host } = new URL(config.issuer)
  const refuser = { name: config.name, log }
  provider.use(async function frame(ctx, next) {
    ctx.set({
      'content-security-policy': SELF_SUBMITTING,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    if (ctx.path === '/' && ctx.method === 'GET') return sendPage(ctx, 200, frontPage(config.name))
    try {
      await next()
    } catch (error) {
      log.error({ path: ctx.path, error: oneLine(error) }, 'Request failed')
      return refuse(ctx, refuser, 'failed')
    }
    if (ctx.status === 404 && ctx.body === undefined) refuse(ctx, refuser, 'not-found')
  })
  provider.use(steps)
  const answer = provider.callback()
  return async (request, response) => {
    // Addresses that go out are built from Host, so no other may come in (RFC 9110 §15.5.20).
    if (request.headers.host?.toLowerCase() === host) return answer(request, response)
    const { status, page } = describeRefusal(refuser, 'wrong-host')
    response.writeHead(status, pageHeaders({})).end(page)
  }
}
