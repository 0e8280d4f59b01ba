import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Logger } from 'pino'

import { layout, pageHeaders, type PageContent } from '../../../runtime/pages/index.ts'
import type { MailboxConfig } from './config.ts'
import { FRAMED_HEADERS, framedHtml } from './framed.ts'
import type { Mails, ReceivedMail } from './mails.ts'
import { listPage, MAILBOX_LOOK, type MailboxRefusal, mailPage, refusalPage } from './pages.ts'

export interface HandlerOptions {
  config: Pick<MailboxConfig, 'url'>
  mails: Mails
  log: Pick<Logger, 'warn'>
}

const MAIL_PATH = /^\/mails\/([0-9a-f-]{36})(\/html)?$/

/**
 * Shows mail to people (`/`, `/mails/<id>`) and to tests (`/mails.json`), under the mailbox's own host name alone: another name that
 * leads to this machine would make our pages its own.
 */
export function createHandler({
  config,
  mails,
  log,
}: HandlerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { host } = new URL(config.url)

  function answer(request: IncomingMessage, response: ServerResponse): MailboxRefusal | undefined {
    if (request.headers.host?.toLowerCase() !== host) return 'wrong_host'
    const path = request.url?.split('?', 1)[0] ?? '/'
    if (path === '/clear') return clear(request, response)
    if (request.method !== 'GET') return 'method_not_allowed'
    if (path === '/') return send(response, 200, listPage(mails.list()))
    if (path === '/mails.json') return sendJson(response, { mails: mails.list().map(describeMail) })
    const [, id = '', html] = MAIL_PATH.exec(path) ?? []
    const mail = mails.find(id)
    if (!mail) return 'not_found'
    if (html === undefined) return send(response, 200, mailPage(mail))
    response.writeHead(200, FRAMED_HEADERS).end(framedHtml(mail))
    return undefined
  }

  function clear(request: IncomingMessage, response: ServerResponse): MailboxRefusal | undefined {
    if (request.method !== 'POST') return 'method_not_allowed'
    if (request.headers.origin !== config.url) return 'foreign_origin'
    mails.clear()
    response.writeHead(303, { location: '/', 'cache-control': 'no-store' }).end()
    return undefined
  }

  return (request, response) => {
    // No body is read: it must not stay in the way of the next request on this connection.
    request.resume()
    const code = answer(request, response)
    if (code === undefined) return
    const requestId = randomUUID()
    log.warn({ requestId, code }, 'Request refused')
    const { status, content } = refusalPage(code, requestId)
    send(response, status, content)
  }
}

function send(response: ServerResponse, status: number, content: PageContent): undefined {
  const headers = pageHeaders(MAILBOX_LOOK, { formAction: ["'self'"] })
  // The mail's own HTML is at this host, and kept apart by its sandbox.
  const policy = `${headers['content-security-policy'] ?? ''}; frame-src 'self'`
  response.writeHead(status, { ...headers, 'content-security-policy': policy }).end(layout(MAILBOX_LOOK, content))
}

function sendJson(response: ServerResponse, body: object): undefined {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  }
  response.writeHead(200, headers).end(JSON.stringify(body))
}

function describeMail({ id, headers, from, recipients, subject, receivedAt, text, links }: ReceivedMail): object {
  const kind = headers.get('x-gatewright-mail')
  return { id, kind, from, recipients, subject, receivedAt: new Date(receivedAt).toISOString(), text, links }
}
