import { InitializationFailure, ProviderError } from '../errors.ts'
import type { Call } from '../resource-type.ts'
import type { Journal, Subject } from './journal.ts'
import { describeAlteration, toCredentials, toOutputs, toUpdateBody } from './metadata.ts'
import { readClient, updateClient } from './registration.ts'
import type { ClientCredentials, ClientInputs, ClientState } from './schema.ts'

/** A client that is at work, with what protects its credentials until they are recorded. */
export interface Keeping {
  journal: Journal
  subject: Subject
  /** Initial access token that seals journal entries; without one nothing is journalled. */
  sealedWith: string | undefined
}

/**
 * Makes the server's record what the inputs say: read it, replace it, and look whether the server did as told.
 * @param known the latest credentials of the client
 * @returns what the state is to hold, or `gone` when the server knows no such client
 * @throws InitializationFailure when the credentials have changed, or the record, but not to what was asked for
 */
export async function replaceRecord(
  call: Call,
  keeping: Keeping,
  inputs: ClientInputs,
  known: ClientCredentials,
): Promise<ClientState | 'gone'> {
  requireManaged(known)
  const current = await readClient(known.registrationClientUri, known.registrationAccessToken, call.signal)
  if (current === 'gone') return 'gone'
  const read = toCredentials(current, known)
  await keepRotation(keeping, known, read)
  const body = toUpdateBody(inputs, current, read.clientSecret)
  const answer = await updateClient(read.registrationClientUri, read.registrationAccessToken, body, call.signal)
  const credentials = toCredentials(answer, read)
  const made = toOutputs(inputs, credentials, answer)
  return settle(made, describeAlteration(inputs, answer), () => keepRotation(keeping, read, credentials))
}

/**
 * Ends a change that the server has made: keeps its credentials safe, then judges it.
 * @param alteration what the server did otherwise than asked, where it did
 * @param keep writes the journal
 * @throws InitializationFailure, with the whole state in it
 */
export async function settle(
  made: ClientState,
  alteration: string | undefined,
  keep: () => Promise<void>,
): Promise<ClientState> {
  try {
    await keep()
    requireManaged(made)
    const hasSecret = made.tokenEndpointAuthMethod.startsWith('client_secret_')
    const complaint = hasSecret && made.clientSecret === '' ? 'it gave the client no secret' : alteration
    if (complaint === undefined) return made
    const text = `${made.issuer} did not register client ${made.clientId} as asked: ${complaint}; change its registration policy, or the inputs`
    throw new ProviderError('registration_altered', text)
  } catch (error) {
    throw new InitializationFailure(made.clientId, made, error)
  }
}

/**
 * The credentials to use for a recorded client: those of the state, unless a deployment died after the server had
 * rotated them. Entries that the state has caught up with are removed.
 * @param tokens initial access tokens that may have sealed an entry
 */
export async function latestCredentials(
  journal: Journal,
  urn: string,
  state: ClientState,
  tokens: readonly (string | undefined)[],
): Promise<ClientCredentials> {
  const registration = { urn, issuer: state.issuer }
  const registered = await journal.find(registration, tokens)
  if (registered?.kind === 'opened' && registered.credentials.clientId === state.clientId) {
    await journal.remove(registration)
  }
  const rotation = { ...registration, clientId: state.clientId }
  const rotated = await journal.find(rotation, tokens)
  if (rotated?.kind !== 'opened') return state
  if (rotated.credentials.registrationAccessToken !== state.registrationAccessToken) return rotated.credentials
  await journal.remove(rotation)
  return state
}

/** Journals credentials that a server has rotated (RFC 7592 §2.1, §2.2), as the former ones are void from then on. */
export async function keepRotation(
  { journal, subject, sealedWith }: Keeping,
  before: ClientCredentials,
  after: ClientCredentials,
): Promise<void> {
  const rotated =
    before.registrationAccessToken !== after.registrationAccessToken || before.clientSecret !== after.clientSecret
  if (rotated && sealedWith !== undefined) await journal.write(subject, sealedWith, after)
}

/** @throws ProviderError `registration_unsupported` when the server gave no way to manage the client (RFC 7592 §3) */
export function requireManaged({ clientId, registrationClientUri, registrationAccessToken }: ClientCredentials): void {
  if (registrationClientUri !== '' && registrationAccessToken !== '') return
  throw new ProviderError(
    'registration_unsupported',
    `The server registered client ${clientId} but gave no registration_client_uri and registration_access_token ` +
      '(RFC 7592 §3): delete that client there, drop it with "pulumi state delete", and let clients be managed',
  )
}
