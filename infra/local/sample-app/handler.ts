import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Logger } from 'pino'

import { pageHeaders } from '../../../runtime/pages/index.ts'
import type { AssertionRefusal, createAssertionCheck, Identity } from './assertion.ts'
import type { SampleAppConfig } from './config.ts'
import { sendEvents } from './events.ts'
import { describeRefusal, refusalPage, welcomePage } from './pages.ts'
import { describeHeaders } from './received.ts'

export interface HandlerOptions {
  config: SampleAppConfig
  checkAssertion: ReturnType<typeof createAssertionCheck>
  draining: AbortSignal
  log: Logger
}

/** Answers requests that carry an assertion for this app: `/api/whoami`, `/events`, and a page for every other path. */
export function createHandler(
  options: HandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/'
    // The body of no request is read: it must not stay in the way of the next one on this connection.
    request.resume()
    const assertion = request.headers['x-gatewright-assertion']
    const checked = await options.checkAssertion(Array.isArray(assertion) ? assertion.join() : assertion)
    if (checked.outcome === 'refused') refuse(options, path, checked.code, response)
    else if (path === '/events') sendEvents(response, options)
    else if (path === '/api/whoami') sendJson(response, 200, whoAmI(checked.identity))
    else welcome(options, checked.identity, request, response)
  }
}

function welcome(
  { config }: HandlerOptions,
  identity: Identity,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method = 'GET', url: target = '/', rawHeaders } = request
  const headers = describeHeaders(rawHeaders)
  const page = welcomePage({ title: config.title, identity, method, target, headers, now: new Date() })
  // Sign-out leads over the login host to whatever identity provider there is.
  response.writeHead(200, pageHeaders({}, { formAction: ['*'] })).end(page)
}

function refuse({ config, log }: HandlerOptions, path: string, code: AssertionRefusal, response: ServerResponse): void {
  const status = code === 'keys-unreachable' ? 503 : 401
  const requestId = randomUUID()
  log.warn({ requestId, code }, 'Request refused')
  if (path.startsWith('/api/') || path === '/events') {
    sendJson(response, status, { error: code, message: describeRefusal(code), requestId })
    return
  }
  response.writeHead(status, pageHeaders({})).end(refusalPage(config.title, config.audience, code, requestId))
}

function whoAmI({ subject, name, email, groups, expiresAt }: Identity): object {
  return { subject, name, email, groups, expiresAt: expiresAt.toISOString() }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(body))
}
