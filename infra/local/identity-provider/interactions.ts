import type { Middleware } from 'koa'
import { errors, type Grant, type Interaction, type Provider } from 'oidc-provider'
import type { Logger } from 'pino'

import type { IdentityProviderConfig } from './config.ts'
import type { Attempts } from './attempts.ts'
import { readForm } from './form.ts'
import { consentPage, passwordPage } from './pages.ts'
import { findPerson } from './people.ts'
import type { PasswordCheck } from './passwords.ts'
import { refuse, sendPage, type PageContext } from './respond.ts'

export interface InteractionsOptions {
  config: IdentityProviderConfig
  checkPassword: PasswordCheck
  attempts: Attempts
  log: Logger
}

const PATH = /^\/interaction\/([A-Za-z0-9_-]{1,64})(\/abort)?$/

/**
 * The steps that a person takes part in: password and consent. An interaction is bound to the browser by a cookie whose path
 * is the interaction's own, and forms are taken only from our own origin.
 * @see https://github.com/panva/node-oidc-provider/blob/main/docs/README.md#user-flows
 */
export function interactions(provider: Provider, options: InteractionsOptions): Middleware {
  const refuser = { name: options.config.name, log: options.log }
  return async function interaction(ctx, next) {
    const match = PATH.exec(ctx.path)
    if (!match) return next()
    let details: Interaction
    try {
      details = await provider.interactionDetails(ctx.req, ctx.res)
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error
      return refuse(ctx, refuser, 'interaction-expired')
    }
    if (details.uid !== match[1]) return refuse(ctx, refuser, 'interaction-expired')
    if (ctx.method === 'GET' && match[2])
      return finish(provider, ctx, { error: 'access_denied', error_description: 'The person cancelled' })
    if (ctx.method === 'GET') return show(provider, options, ctx, details)
    if (ctx.method !== 'POST' || match[2]) return refuse(ctx, refuser, 'method-not-allowed')
    if (ctx.get('origin') !== options.config.issuer) return refuse(ctx, refuser, 'foreign-origin')
    const form = await readForm(ctx.req)
    if (typeof form === 'string') return refuse(ctx, refuser, form)
    if (details.prompt.name === 'consent') return consent(provider, ctx, details)
    return signIn(provider, options, ctx, details, form)
  }
}

async function show(
  provider: Provider,
  { config }: InteractionsOptions,
  ctx: PageContext,
  details: Interaction,
): Promise<void> {
  const client = await describeClient(provider, details)
  const action = `/interaction/${details.uid}`
  const common = { name: config.name, client: client.name, action, abortHref: `${action}/abort` }
  if (details.prompt.name === 'consent') {
    const user = details.session?.accountId ?? ''
    const scopes = missingScopes(details)
    const person = findPerson(config.people, user)?.email ?? user
    sendPage(ctx, 200, consentPage({ ...common, host: client.host, person, scopes }), client.origin)
    return
  }
  const hint = details.params.login_hint
  const username = typeof hint === 'string' ? userOfHint(config, hint) : undefined
  sendPage(ctx, 200, passwordPage({ ...common, username }), client.origin)
}

async function signIn(
  provider: Provider,
  { config, checkPassword, attempts, log }: InteractionsOptions,
  ctx: PageContext,
  details: Interaction,
  form: URLSearchParams,
): Promise<void> {
  const user = (form.get('username') ?? '').trim().toLowerCase().slice(0, 100)
  const password = (form.get('password') ?? '').slice(0, 1_000)
  const admission = await attempts.admit(user)
  if (admission === 'admitted' && checkPassword(user, password)) {
    attempts.succeeded(user)
    log.info({ user }, 'Signed in')
    // `prompt=select_account` is answered by the same page, and every prompt must find its own name in the result.
    return finish(provider, ctx, { [details.prompt.name]: {}, login: { accountId: user, amr: ['pwd'] } })
  }
  if (admission === 'admitted') {
    attempts.failed(user)
    // What stands in the place of a user name may be a password: only names that we know are logged.
    log.warn({ user: findPerson(config.people, user) ? user : undefined }, 'Wrong password')
  }
  const client = await describeClient(provider, details)
  const action = `/interaction/${details.uid}`
  const alert = admission === 'busy' ? 'Too many tries at once. Wait a moment.' : 'User name or password is wrong.'
  const page = passwordPage({
    name: config.name,
    client: client.name,
    action,
    abortHref: `${action}/abort`,
    username: user,
    alert,
  })
  sendPage(ctx, admission === 'busy' ? 429 : 403, page, client.origin)
}

async function consent(provider: Provider, ctx: PageContext, details: Interaction): Promise<void> {
  const grant = await openGrant(provider, details)
  grant.addOIDCScope(missingScopes(details).join(' '))
  return finish(provider, ctx, { consent: { grantId: await grant.save() } }, 'merge')
}

async function openGrant(provider: Provider, details: Interaction): Promise<Grant> {
  const kept = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId)
  return (
    kept ?? new provider.Grant({ accountId: details.session?.accountId, clientId: String(details.params.client_id) })
  )
}

async function finish(
  provider: Provider,
  ctx: PageContext,
  result: Parameters<Provider['interactionFinished']>[2],
  submission: 'replace' | 'merge' = 'replace',
): Promise<void> {
  const mergeWithLastSubmission = submission === 'merge'
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission }))
  ctx.status = 303
}

function missingScopes(details: Interaction): string[] {
  const scopes = details.prompt.details.missingOIDCScope
  return Array.isArray(scopes) ? scopes.map(String) : []
}

/** A hint is what an app knows of the person: the user name or the email address. */
function userOfHint(config: IdentityProviderConfig, hint: string): string {
  const found = Object.entries(config.people).find(([, person]) => person.email === hint)
  return found ? found[0] : hint.slice(0, 100)
}

async function describeClient(
  provider: Provider,
  details: Interaction,
): Promise<{ name: string; origin: string; host: string }> {
  const clientId = String(details.params.client_id)
  const client = await provider.Client.find(clientId)
  // The request was checked against the client's registered addresses before the interaction began.
  const { origin, host } = new URL(String(details.params.redirect_uri))
  return { name: client?.clientName ?? clientId, origin, host }
}
