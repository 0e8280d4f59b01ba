import type { PasskeyForm } from '../pages/flows/index.ts'
import { readOwnCookies } from '../sessions/index.ts'
import type { AccountWithCredentials, Passkey } from '../store/index.ts'
import { bindBrowser, isBoundTo } from './binding.ts'
import type { LoginRequest } from './context.ts'
import {
  assertionOptions,
  type ChallengePurpose,
  creationOptions,
  type MadePasskey,
  newChallenge,
  readAssertion,
  readAttestation,
  useChallenge,
  verifyAssertion,
  verifyAttestation,
} from './passkeys/index.ts'
import { addressOf } from './who-asks.ts'

/** What a page's button for passkeys needs, and the cookie that ties the challenge to this browser. */
export interface OfferedPasskey {
  form: PasskeyForm
  /** A Set-Cookie value. */
  cookie: string
}

interface Asked {
  purpose: Exclude<ChallengePurpose, 'register'>
  /** Where the answer goes. */
  action: string
  /** Whose passkey is wanted; anybody's where it is left out. */
  account?: AccountWithCredentials | undefined
}

/** Makes a challenge for a sign-in by passkey. */
export async function offerPasskey(
  { context, brand, request }: LoginRequest,
  { purpose, action, account }: Asked,
): Promise<OfferedPasskey> {
  const { hash, cookie } = bindBrowser(readOwnCookies(request.headers.get('cookie')))
  const about = { brand: brand.id, purpose, accountId: account?.account.id, bindingHash: hash }
  const { challenge, sealed } = newChallenge(context, about)
  return {
    form: { action, sealed, options: await assertionOptions(brand.config, challenge, account?.passkeys) },
    cookie,
  }
}

/** Makes a challenge for a new passkey of an account. */
export async function offerNewPasskey(
  { context, brand, request }: LoginRequest,
  { account: who, action }: { account: AccountWithCredentials; action: string },
): Promise<OfferedPasskey> {
  const { hash, cookie } = bindBrowser(readOwnCookies(request.headers.get('cookie')))
  const { account, passkeys } = who
  const about = { brand: brand.id, purpose: 'register', accountId: account.id, bindingHash: hash } as const
  const { challenge, sealed } = newChallenge(context, about)
  return {
    form: { action, sealed, options: await creationOptions(brand.config, challenge, account, passkeys) },
    cookie,
  }
}

/**
 * Takes the answer to such a challenge: once, in the browser that was asked, with every check of WebAuthn Level 3 §7.2.
 * @param accountId whose passkey it must be; anybody's where it is left out
 * @returns the account, or nothing when something about it is not right, which the log tells
 */
export async function authenticateByPasskey(
  login: LoginRequest,
  form: URLSearchParams,
  { purpose, accountId }: { purpose: Asked['purpose']; accountId?: string },
): Promise<AccountWithCredentials | undefined> {
  const { context, brand, client } = login
  const refuse = (reason: string): undefined => {
    context.log.info({ brand: brand.id, reason }, 'A passkey was refused')
  }
  const assertion = readAssertion(form.get('credential'))
  if (!assertion) return refuse('the form has no assertion')
  const challenge = await answered(login, form, { purpose, accountId })
  if (challenge === undefined) return refuse('the challenge is over, used, or of another browser')
  const found = await context.accounts.findByPasskey(brand.id, assertion.id)
  const passkey = found?.passkeys.find(({ id }) => id === assertion.id)
  if (!found || !passkey) return refuse('nobody has this passkey')
  if (accountId !== undefined && found.account.id !== accountId) return refuse('it is another account’s')
  const verdict = await verifyAssertion(brand.config, challenge, assertion, passkey)
  if ('refused' in verdict) return refuse(verdict.refused)
  return context.accounts.notePasskeyUse(brand.id, passkey.id, verdict.counter, { address: addressOf(client) })
}

/**
 * Takes a passkey that was just made, with every check of §7.1.
 * @returns nothing when something about it is not right, which the log tells
 */
export async function readNewPasskey(
  login: LoginRequest,
  form: URLSearchParams,
  accountId: string,
): Promise<MadePasskey | undefined> {
  const { context, brand } = login
  const attestation = readAttestation(form.get('credential'))
  const challenge = attestation && (await answered(login, form, { purpose: 'register', accountId }))
  const verdict: Awaited<ReturnType<typeof verifyAttestation>> =
    attestation && challenge !== undefined
      ? await verifyAttestation(brand.config, challenge, attestation)
      : { refused: 'the challenge is over, used, or of another browser' }
  if ('passkey' in verdict) return verdict.passkey
  context.log.info({ brand: brand.id, reason: verdict.refused }, 'A new passkey was refused')
  return undefined
}

/** What a new passkey is called until its owner says otherwise. @param existing those that the account has */
export function nameForPasskey(existing: readonly Passkey[]): string {
  return existing.length === 0 ? 'Passkey' : `Passkey ${existing.length + 1}`
}

function answered(
  { context, brand, request }: LoginRequest,
  form: URLSearchParams,
  expected: { purpose: ChallengePurpose; accountId?: string | undefined },
): Promise<string | undefined> {
  const cookies = readOwnCookies(request.headers.get('cookie'))
  return useChallenge(context, form.get('challenge'), { brand: brand.id, ...expected }, (hash) =>
    isBoundTo(cookies, hash),
  )
}
