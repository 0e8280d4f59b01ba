import { cliPage, lookOf, page } from '../pages/index.ts'
import {
  CLI_TOKEN_LIFETIME_MS,
  cliAnswer,
  type CliRequest,
  cliRequestFields,
  parseCliRequest,
  sealCliCode,
} from '../programs/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { AppHost, RouteAtHost } from './app-host.ts'
import type { AuthenticateContext } from './context.ts'
import { readPostedForm } from './posted-form.ts'
import { redirect } from './redirect.ts'
import { requireOwnOrigin } from './sign-out.ts'
import { signInRedirect } from './sign-in-redirect.ts'

/** Where a program sends its person's browser; the page there posts to the same address. */
export const CLI_PATH = '/.gatewright/cli'

/** Of a form with a few short fields. */
export const MAX_CLI_FORM_BYTES = 8 * 1024

/** A host with something protected. A program that is let in may go wherever its person may, at this one host. */
export interface CliHost extends AppHost {
  main: RouteAtHost
}

/**
 * Shows who would be let in as whom, for how long. A browser without a session signs in first and comes back.
 * @throws Refusal `request_malformed` for a request that must not be answered by a redirect
 */
export async function showCliSignIn(context: AuthenticateContext, host: CliHost, request: Request): Promise<Response> {
  const cliRequest = parseCliRequest(new URL(request.url).searchParams)
  const route = routeFor(host, cliRequest)
  const session = await sessionAt(context, route, request)
  if (!session) return signInFirst(context, route, request, cliRequest)
  const { host: listener, hostname, origin } = new URL(cliRequest.redirectUri)
  const { look, setCookies } = lookOf(host.brand, request)
  const content = cliPage(look, {
    destination: new URL(host.origin).hostname,
    person: session.person.email || session.person.name,
    listener,
    minutes: CLI_TOKEN_LIFETIME_MS / 60_000,
    action: CLI_PATH,
    fields: cliRequestFields(cliRequest),
  })
  // The answer is a redirect, and Chromium holds a form's redirects against form-action, which has no word for an IPv6
  // address (CSP Level 3 §2.3.1, host-part).
  const answer = hostname === '[::1]' ? 'http:' : origin
  return page(look, content, { formAction: ["'self'", answer], setCookies })
}

/**
 * Sends the browser back to the program: with a code when the person has said yes on our page, else with `access_denied`.
 * @throws Refusal `origin_mismatch` when the form was not on a page of this very host, `request_malformed`
 */
export async function answerCliSignIn(
  context: AuthenticateContext,
  host: CliHost,
  request: Request,
): Promise<Response> {
  requireOwnOrigin(request, host.origin)
  const form = await readPostedForm(request, MAX_CLI_FORM_BYTES)
  const cliRequest = parseCliRequest(form)
  const decision = form.get('decision')
  if (decision !== 'allow' && decision !== 'deny') {
    throw new Refusal('request_malformed', 'a command-line sign-in without a decision')
  }
  if (decision === 'deny') return redirect(cliAnswer(cliRequest, { error: 'access_denied' }))
  const route = routeFor(host, cliRequest)
  const session = await sessionAt(context, route, request)
  if (!session) return signInFirst(context, route, request, cliRequest)
  const { origin } = host
  context.log.info({ origin, person: session.person.id }, 'A person lets a program in from the command line')
  const grant = { origin, parentId: session.id, sessionEndsAt: session.expiresAt }
  return redirect(cliAnswer(cliRequest, { code: sealCliCode(context.sealer, cliRequest, grant) }))
}

/** The route that the program wants to use, whose people and sign-in are asked for; what is public asks for nobody. */
function routeFor({ main, routeAt }: CliHost, { path }: CliRequest): RouteAtHost {
  const route = path === undefined ? undefined : routeAt(path)
  return route && 'allow' in route.config.access ? route : main
}

function sessionAt({ sessions }: AuthenticateContext, { origin, config }: RouteAtHost, request: Request) {
  const cookie = readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE)
  return sessions.findAtHost(cookie, origin, config)
}

function signInFirst(
  context: AuthenticateContext,
  route: RouteAtHost,
  request: Request,
  cliRequest: CliRequest,
): Response {
  const query = new URLSearchParams(cliRequestFields(cliRequest).map(([name, value]) => [name, value]))
  const cookies = request.headers.get('cookie')
  const { url, cookie } = signInRedirect(context, route, `${CLI_PATH}?${query.toString()}`, cookies, false)
  return redirect(url, [cookie])
}
