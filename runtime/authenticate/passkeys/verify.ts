import type { BrandConfig } from '../../config.ts'
import type { Account, Passkey } from '../../store/index.ts'
import { CHALLENGE_LIFETIME_MS } from './challenge.ts'
import type { Assertion, Attestation } from './answer.ts'

/** EdDSA, ES256 and RS256 (RFC 9053 §2): what every Node can verify, without trying out what is still an experiment. */
const ALGORITHMS = [-8, -7, -257]

/** Loaded on use: most processes never see a passkey, and every start would pay for the library. */
const library = () => import('@simplewebauthn/server')

/**
 * What a browser is asked for a sign-in by passkey (WebAuthn Level 3 §5.5), for a page's script. The user must be verified by
 * the authenticator, since nothing else stands beside the passkey.
 * @param passkeys that will do; empty where the browser is to offer what it has
 */
export async function assertionOptions(
  brand: Pick<BrandConfig, 'url'>,
  challenge: string,
  passkeys: readonly Pick<Passkey, 'id' | 'transports'>[] = [],
): Promise<Readonly<Record<string, unknown>>> {
  const { generateAuthenticationOptions } = await library()
  return {
    ...(await generateAuthenticationOptions({
      rpID: relyingPartyId(brand),
      challenge: bytes(challenge),
      userVerification: 'required',
      timeout: CHALLENGE_LIFETIME_MS,
      allowCredentials: passkeys.map(({ id, transports }) => ({ id, transports: [...transports] as never[] })),
    })),
  }
}

/**
 * What a browser is asked to make a passkey by (§5.4): one that can be found without a name, with the user verified.
 * @param existing passkeys of the account: an authenticator that has one of them makes no second
 */
export async function creationOptions(
  brand: Pick<BrandConfig, 'url' | 'name'>,
  challenge: string,
  account: Pick<Account, 'id' | 'email' | 'profile'>,
  existing: readonly Pick<Passkey, 'id' | 'transports'>[],
): Promise<Readonly<Record<string, unknown>>> {
  const { generateRegistrationOptions } = await library()
  const name = account.email || account.profile.username || account.profile.name || account.id
  return {
    ...(await generateRegistrationOptions({
      rpName: brand.name,
      rpID: relyingPartyId(brand),
      // It stays with the authenticator and must say nothing about the person (§14.6.1).
      userID: Uint8Array.from(Buffer.from(account.id)),
      userName: name,
      userDisplayName: account.profile.name ?? name,
      challenge: bytes(challenge),
      timeout: CHALLENGE_LIFETIME_MS,
      attestationType: 'none',
      supportedAlgorithmIDs: ALGORITHMS,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: existing.map(({ id, transports }) => ({ id, transports: [...transports] as never[] })),
    })),
  }
}

/**
 * All checks of §7.2 on an answer to `challenge`: origin and relying party are this brand's login host, the signature is the
 * passkey's, the user was verified, and a counter that an authenticator keeps has grown.
 * @returns the counter as it is by now, or nothing when it does not pass, and why, for the log
 */
export async function verifyAssertion(
  brand: Pick<BrandConfig, 'url'>,
  challenge: string,
  assertion: Assertion,
  passkey: Passkey,
): Promise<{ counter: number } | { refused: string }> {
  const { verifyAuthenticationResponse } = await library()
  const { id, publicKey, counter } = passkey
  const { userHandle } = assertion.response
  if (isForeignFrame(assertion.response.clientDataJSON)) return { refused: 'it was made in a frame of another site' }
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== passkey.accountId) {
    return { refused: 'the passkey is of another account' }
  }
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...bare(assertion),
        response: { ...assertion.response, userHandle: userHandle ?? undefined },
      },
      expectedChallenge: challenge,
      expectedOrigin: brand.url,
      expectedRPID: relyingPartyId(brand),
      requireUserVerification: true,
      credential: { id, publicKey: bytes(publicKey), counter },
    })
    return verified ? { counter: authenticationInfo.newCounter } : { refused: 'the signature is not the passkey’s' }
  } catch (error) {
    return { refused: reason(error) }
  }
}

/** A passkey as an authenticator has just made it. */
export type MadePasskey = Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'>

/** All checks of §7.1 on a new passkey. @returns it, or why it does not pass, for the log */
export async function verifyAttestation(
  brand: Pick<BrandConfig, 'url'>,
  challenge: string,
  attestation: Attestation,
): Promise<{ passkey: MadePasskey } | { refused: string }> {
  const { verifyRegistrationResponse } = await library()
  if (isForeignFrame(attestation.response.clientDataJSON)) return { refused: 'it was made in a frame of another site' }
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...bare(attestation), response: { ...attestation.response } },
      expectedChallenge: challenge,
      expectedOrigin: brand.url,
      expectedRPID: relyingPartyId(brand),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) return { refused: 'the attestation is not valid' }
    const { id, publicKey, counter } = registrationInfo.credential
    const { transports } = attestation.response
    return { passkey: { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports } }
  } catch (error) {
    return { refused: reason(error) }
  }
}

/** The login host's own name, and no domain above it: siblings are apps. */
function relyingPartyId({ url }: Pick<BrandConfig, 'url'>): string {
  return new URL(url).hostname
}

/** Our pages stand in no frame; the library looks at that only where a browser says in whose. */
function isForeignFrame(clientDataJSON: string): boolean {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    return typeof data === 'object' && data !== null && 'crossOrigin' in data && data.crossOrigin === true
  } catch {
    // What is no JSON does not pass the library either.
    return false
  }
}

function bare({ id, rawId, type }: Assertion | Attestation) {
  return { id, rawId, type, clientExtensionResults: {} }
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64url'))
}

/** The library's messages quote what a stranger sent. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 200) : 'it cannot be read'
}
