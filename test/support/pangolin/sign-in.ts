import { randomBytes } from 'node:crypto'

import { jwtVerify, SignJWT } from 'jose'

import type { Answered, Asked, Handler } from '../idp/server.ts'
import { fail } from './answers.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Installation, StoredUser } from './installation.ts'
import { provision } from './provision.ts'
import { ExpressionError, search } from './jmespath.ts'

const STATE_COOKIE = 'p_oidc_state'
const SESSION_COOKIE = 'p_session_token'

/** Where an identity provider's people come back to. */
export function callbackOf(dashboard: string, idpId: number): string {
  return new URL(`/auth/idp/${idpId}/oidc/callback`, dashboard).href
}

/**
 * What people see of a Pangolin: its sign-in page with a button for each identity provider, the way there and back, and a
 * page that names whoever is signed in. The real one does the same with a page of JavaScript between.
 * @param dashboard origin
 * @param ca certificate of the providers, in PEM
 */
export function createDashboard(installation: Installation, dashboard: () => string, ca: string): Handler {
  const exchange = createExchange(ca)
  return async (asked) => {
    if (asked.url.origin !== dashboard()) return undefined
    const { pathname } = asked.url
    if (pathname === '/') return home(installation, asked)
    if (pathname === '/auth/login') return signInPage(installation)
    const [, idpId, step] = /^\/auth\/idp\/(\d+)\/oidc\/(start|callback)$/.exec(pathname) ?? []
    const stored = installation.identityProviders.get(Number(idpId))
    if (idpId === undefined) return undefined
    if (!stored) return fail(400, 'IdP not found for the organization')
    const way = { installation, stored, exchange, callback: callbackOf(dashboard(), Number(idpId)) }
    return step === 'start' ? start(way) : comeBack(way, asked).catch(answerExpression)
  }
}

/** All that Pangolin says of a mistake in a path or mapping. */
function answerExpression(error: unknown): Answered {
  if (error instanceof ExpressionError) return fail(500, 'An error occurred')
  throw error
}

interface Way {
  installation: Installation
  stored: NonNullable<ReturnType<Installation['identityProviders']['get']>>
  exchange: Exchange
  callback: string
}

/** Sends the browser to the provider, with a code challenge; what is needed afterwards lies signed in a cookie. */
async function start({ installation, stored, exchange, callback }: Way): Promise<Answered> {
  const fresh = () => randomBytes(32).toString('base64url')
  const kept = { state: fresh(), codeVerifier: fresh(), nonce: fresh(), redirectUrl: '/' }
  const location = await exchange.authorizationUrl(stored.client, { ...kept, callback })
  const cookie = await new SignJWT(kept).setProtectedHeader({ alg: 'HS256' }).sign(installation.serverSecret)
  const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=600'
  return { status: 302, headers: { location, 'set-cookie': `${STATE_COOKIE}=${cookie}; ${attributes}` } }
}

async function comeBack({ installation, stored, exchange, callback }: Way, asked: Asked): Promise<Answered> {
  const query = asked.url.searchParams
  const [code, state, cookie] = [query.get('code'), query.get('state'), cookieOf(asked, STATE_COOKIE)]
  if (query.has('error')) return page(`The identity provider said: ${query.get('error')}`, 400)
  if (!code || !state || !cookie) return page('The request is missing its code or state', 400)
  const kept = await jwtVerify(cookie, installation.serverSecret).catch(() => undefined)
  if (!kept) return fail(400, 'Invalid state JWT')
  const { codeVerifier, nonce, redirectUrl, ...begun } = kept.payload as Record<string, string>
  if (begun['state'] !== state) return fail(400, 'State mismatch')
  const answered = await exchange.redeem(stored.client, {
    code,
    callback,
    codeVerifier: codeVerifier ?? '',
    nonce: nonce ?? '',
  })
  if ('refused' in answered) return fail(401, answered.refused)
  const { claims } = answered
  const identifier = search(claims, stored.client.identifierPath)
  if (typeof identifier !== 'string' || identifier === '') return fail(400, 'User identifier not found in the ID token')
  const person = {
    username: identifier.toLowerCase(),
    email: textAt(claims, stored.client.emailPath)?.toLowerCase() ?? null,
    name: textAt(claims, stored.client.namePath),
  }
  const user = provision(installation, stored.idp, person, claims)
  if (typeof user === 'string') return fail(401, user)
  const session = randomBytes(24).toString('base64url')
  installation.sessions.set(session, user.userId)
  const setCookie = `${SESSION_COOKIE}=${session}; Path=/; HttpOnly; Secure; SameSite=Lax`
  return { status: 302, headers: { location: redirectUrl ?? '/', 'set-cookie': setCookie } }
}

function textAt(claims: unknown, path: string | null): string | null {
  const found = path ? search(claims, path) : null
  return typeof found === 'string' ? found : null
}

function signInPage({ identityProviders }: Installation): Answered {
  const buttons = [...identityProviders.values()].map(
    ({ idp }) => `<li><a href="/auth/idp/${idp.idpId}/oidc/start">${idp.name}</a></li>`,
  )
  return page(`<ul>${buttons.join('')}</ul>`)
}

function home(installation: Installation, asked: Asked): Answered {
  const userId = installation.sessions.get(cookieOf(asked, SESSION_COOKIE) ?? '')
  const user = installation.users.find((candidate) => candidate.userId === userId)
  return user ? page(describe(user)) : { status: 302, headers: { location: '/auth/login' } }
}

function describe({ username, name, email, organizations }: StoredUser): string {
  const places = [...organizations].map(([id, { roles }]) => `${id} as ${roles.join(', ')}`)
  return `<p>Signed in: ${name ?? username} (${username}, ${email ?? 'no address'})</p><p>In: ${places.join('; ')}</p>`
}

function cookieOf({ headers }: Asked, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split('=', 2))
  return pairs.find(([key]) => key === name)?.[1]
}

function page(content: string, status = 200): Answered {
  return { status, body: `<!doctype html><title>Pangolin</title><h1>Pangolin</h1>${content}` }
}
