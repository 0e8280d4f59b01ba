import { randomUUID } from 'node:crypto'

import type { ParameterizedContext } from 'koa'
import type { Logger } from 'pino'

import { errorPage, layout, pageHeaders, plainLook } from '../../../runtime/pages/index.ts'

/** What of Koa's context our pages need. */
export type PageContext = Pick<ParameterizedContext, 'req' | 'res' | 'set' | 'redirect' | 'status' | 'body'>

/**
 * Where forms may lead. A sign-in ends in redirects over the client's host to the app's, and Chromium holds each of them
 * against the policy of the page that the form was on. All hosts of a local stack are on this machine.
 */
const THIS_MACHINE = ["'self'", 'http://localhost:*', 'http://*.localhost:*', 'http://127.0.0.1:*']

/**
 * Sends one of our pages.
 * @param clientOrigin where the form on the page leads in the end, if it is elsewhere than on this machine
 */
export function sendPage(ctx: PageContext, status: number, page: string, clientOrigin?: string): void {
  const formAction = clientOrigin === undefined ? THIS_MACHINE : [...THIS_MACHINE, clientOrigin]
  ctx.set(pageHeaders({}, { formAction }))
  ctx.status = status
  ctx.body = page
}

const REFUSALS = {
  'interaction-expired': [
    400,
    'This sign-in has expired',
    'Go back to the app that you want to use and start again. It happens when a page was left open for long, or when cookies are blocked.',
  ],
  'foreign-origin': [403, 'This form came from elsewhere', 'Go back to the app that you want to use and start again.'],
  'not-a-form': [415, 'This is not a form of ours', 'Go back to the app that you want to use and start again.'],
  'too-large': [413, 'This form is too large', 'Go back to the app that you want to use and start again.'],
  'method-not-allowed': [
    405,
    'This is not how this page is used',
    'Go back to the app that you want to use and start again.',
  ],
  'not-found': [404, 'There is no such page', 'Open the app that you want to use; it brings you here to sign in.'],
  failed: [500, 'Something went wrong', 'Try again in a moment.'],
  'wrong-host': [421, 'This is not the address of this provider', 'Use the address that its discovery document names.'],
} as const satisfies Record<string, readonly [status: number, title: string, message: string]>

export type RefusalCode = keyof typeof REFUSALS

/** Whose refusals they are, and where they are logged. */
export interface Refuser {
  /** Name of the provider. */
  name: string
  log: Logger
}

/** Logs a refusal and gives its status and page; both carry the same request id. */
export function describeRefusal({ name, log }: Refuser, code: RefusalCode): { status: number; page: string } {
  const [status, title, message] = REFUSALS[code]
  const requestId = randomUUID()
  log.warn({ requestId, code }, 'Request refused')
  const look = plainLook(name)
  return { status, page: layout(look, errorPage(look, { title, message, requestId })) }
}

/** Refuses a request with a page. */
export function refuse(ctx: PageContext, refuser: Refuser, code: RefusalCode): void {
  const { status, page } = describeRefusal(refuser, code)
  sendPage(ctx, status, page)
}
