import {
  type OfferedProvider,
  type SignInForm,
  signInFlowPage,
  type SignInNotice,
  type SignInProblem,
} from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { readOwnCookies } from '../sessions/index.ts'
import { requestedRoute } from './hand-over-request.ts'
import type { LoginRequest } from './context.ts'
import { readLastUsed } from './last-used.ts'
import { lastUsedFirst, type Offer, offerFor } from './offer.ts'
import { offerPasskey } from './offer-passkey.ts'
import { signInQuery, type SignInQuery } from './sign-in-query.ts'

/** Where the forms of the sign-in page lead. */
export const ADDRESS_PATH = '/sign-in/address'
export const PASSWORD_PATH = '/sign-in/password'
export const PASSKEY_PATH = '/sign-in/passkey'
export const RESET_PATH = '/reset-password'

/** Who has to show the logo of a provider. */
export const logoPath = (identityProvider: string): string => `/logo/${identityProvider}`

export interface ShownOffer {
  notice?: SignInNotice | undefined
  problem?: SignInProblem | undefined
  /** An address that somebody typed, to be shown in its field. */
  typed?: string | undefined
  /** An address that was given in a first step; nothing about the page says whether anybody has it. */
  given?: string | undefined
  /** @default 200 */
  status?: number
}

/** The page with the ways to sign in, as it stands at first, after an address was given, and after something was wrong. */
export async function showOffer(login: LoginRequest, query: SignInQuery, shown: ShownOffer): Promise<Response> {
  const { context, brand, request } = login
  const { notice, problem, given, status = 200 } = shown
  const route = query.request && requestedRoute(context.config, query.request)
  const offer = offerFor(context.config, brand.config, query.request)
  const { look, setCookies } = lookOf(brand.config, request)
  const passkey = offer.passkeys
    ? await offerPasskey(login, { purpose: 'sign_in', action: `${PASSKEY_PATH}${signInQuery(query)}` })
    : undefined
  const content = signInFlowPage(look, {
    destination: route && new URL(route.origin).hostname,
    providers: offeredProviders(login, offer, given === undefined ? query : heldTo(query, given)),
    form: formFor(login, query, offer, shown),
    given: given === undefined ? undefined : { email: given, otherHref: `/sign-in${signInQuery(query)}` },
    passkey: passkey?.form,
    notice,
    problem,
  })
  const cookies = [...setCookies, ...(passkey ? [passkey.cookie] : [])]
  return page(look, content, { status, formAction: ["'self'"], setCookies: cookies })
}

function offeredProviders({ context, request }: LoginRequest, offer: Offer, query: SignInQuery): OfferedProvider[] {
  const lastUsed = readLastUsed(readOwnCookies(request.headers.get('cookie')))
  return lastUsedFirst(offer.identityProviders, lastUsed).flatMap((id) => {
    const config = context.config.identityProviders[id]
    if (!config) return []
    const { buttonText, logo } = config
    const href = `/sign-in/${id}${signInQuery(query)}`
    const isOnly = offer.identityProviders.length === 1
    return [{ buttonText, href, logoHref: logo && logoPath(id), isLastUsed: id === lastUsed && !isOnly }]
  })
}

function formFor(
  { brand: { config: brand }, context: { mailer } }: LoginRequest,
  query: SignInQuery,
  { password }: Offer,
  { typed, given }: ShownOffer,
): SignInForm | undefined {
  const text = signInQuery(query)
  const forgottenHref = mailer ? `${RESET_PATH}${text}` : undefined
  const action = `${PASSWORD_PATH}${text}`
  if (given !== undefined) return password ? { ask: 'password', action, email: given, forgottenHref } : undefined
  const email = typed ?? query.loginHint
  if (brand.identityFirst) return { ask: 'address', action: `${ADDRESS_PATH}${text}`, email }
  return password ? { ask: 'address_and_password', action, email, forgottenHref } : undefined
}

/** The provider is told who is expected, and nobody else is simply let in. */
function heldTo(query: SignInQuery, email: string): SignInQuery {
  return { ...query, loginHint: email, holdsToHint: true }
}
