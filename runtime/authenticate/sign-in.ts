import type { BrandConfig } from '../config.ts'
import { pageHeaders, signInPage } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { AuthenticateContext } from './context.ts'
import { issueHandOver, sessionFits } from './hand-over.ts'
import { type HandOverRequest, openHandOverRequest } from './hand-over-request.ts'
import { redirect } from './redirect.ts'
import { keepTransaction } from './transaction.ts'

/** Query of both pages: `request` is what the sign-in is for, `switch` asks for another person than the one signed in. */
interface SignInQuery {
  sealed: string | undefined
  request: HandOverRequest | undefined
  switching: boolean
}

/** The page that offers a brand's identity providers; goes straight on where the browser is signed in already. */
export async function showSignIn(context: AuthenticateContext, brandId: string, brand: BrandConfig, request: Request) {
  const query = readQuery(context, brandId, request)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = query.switching ? undefined : await context.sessions.find(cookies.get(SESSION_COOKIE), brandId)
  if (session && !query.request) return redirect('/')
  if (session && query.request && sessionFits(context, session, query.request)) {
    return redirect(await issueHandOver(context, session.id, query.request))
  }
  const route = query.request && context.config.routes[query.request.route]
  const offered = brand.identityProviders.filter((id) => !route || route.identityProviders.includes(id))
  const page = signInPage({
    brandName: brand.name,
    ...(route ? { destination: new URL(route.from).hostname } : {}),
    providers: offered.map((id) => ({
      id,
      buttonText: context.config.identityProviders[id]?.buttonText ?? id,
      href: `/sign-in/${id}${signInQuery(query.sealed, query.switching)}`,
    })),
  })
  return new Response(page, { headers: pageHeaders({}) })
}

/** Sends the browser to a provider, with a transaction to answer to. */
export async function beginSignIn(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
  providerId: string,
  request: Request,
): Promise<Response> {
  const query = readQuery(context, brandId, request)
  const provider = brand.identityProviders.includes(providerId) ? context.providers.get(providerId) : undefined
  if (!provider) throw new Refusal('not_found', 'no such identity provider at this brand')
  const { url, checks } = await provider.beginSignIn(brand.url, query.switching ? 'login' : undefined)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const transaction = { brand: brandId, identityProvider: providerId, checks, request: query.request }
  return redirect(url.href, keepTransaction(context.sealer, transaction, cookies))
}

/** @returns the query string that both sign-in pages read, empty where there is nothing to say */
export function signInQuery(sealedRequest: string | undefined, switching: boolean): string {
  const query = new URLSearchParams()
  if (sealedRequest !== undefined) query.set('request', sealedRequest)
  if (switching) query.set('switch', '1')
  return query.size > 0 ? `?${query.toString()}` : ''
}

function readQuery({ sealer }: AuthenticateContext, brandId: string, request: Request): SignInQuery {
  const { searchParams } = new URL(request.url)
  const sealed = searchParams.get('request') ?? undefined
  const opened = sealed === undefined ? undefined : openHandOverRequest(sealer, sealed, brandId)
  if (sealed !== undefined && !opened) throw new Refusal('sign_in_expired', 'the hand-over request cannot be opened')
  return { sealed, request: opened, switching: searchParams.get('switch') === '1' }
}
