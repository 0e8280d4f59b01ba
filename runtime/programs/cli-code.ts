import { createHash, timingSafeEqual } from 'node:crypto'

import * as z from 'zod'

import type { Sealer } from '../keys/index.ts'
import { newOpaqueValue } from '../sessions/index.ts'
import type { Store } from '../store/index.ts'
import type { CliRequest } from './cli-request.ts'

const KIND = 'cli-code'

/** The program takes it at once. */
const LIFETIME_MS = 60_000

/** `code-verifier` (RFC 7636 §4.1). */
const VERIFIER = /^[\w.~-]{43,128}$/

const schema = z.strictObject({
  /** What is used once. Not the text around it, of which there are several spellings. */
  id: z.string(),
  origin: z.string(),
  parentId: z.string(),
  redirectUri: z.string(),
  challenge: z.string(),
  expiresAt: z.number(),
  /** When the person's session is over. */
  sessionEndsAt: z.number(),
})

/** Whose access, and to what, a code stands for. */
export interface CliGrant {
  /** Of the app's host. */
  origin: string
  parentId: string
  /** When the person's session is over, in milliseconds since 1970. */
  sessionEndsAt: number
}

/**
 * Makes the code that a confirmed request is answered with. All that it stands for is sealed inside; the store only notes that
 * it was used.
 * @returns text for an address, good for a minute
 */
export function sealCliCode(sealer: Sealer, request: CliRequest, grant: CliGrant): string {
  const { redirectUri, challenge } = request
  const code = { ...grant, redirectUri, challenge, id: newOpaqueValue(), expiresAt: Date.now() + LIFETIME_MS }
  return sealer.seal(KIND, '', JSON.stringify(code))
}

/**
 * Redeems a code (RFC 6749 §4.1.3, RFC 7636 §4.6). A code is used up by the first attempt, also by one with a wrong verifier:
 * somebody who has a code and not its verifier has caught it on its way.
 * @param asked origin of the host that is asked
 * @returns nothing when it is not ours, too old, used, of another host or redirect address, or the verifier is wrong
 * @throws the store's own error
 */
export async function redeemCliCode(
  sealer: Sealer,
  store: Pick<Store, 'useOnce'>,
  presented: { code: string; verifier: string; redirectUri: string },
  asked: string,
): Promise<CliGrant | undefined> {
  const code = open(sealer, presented.code)
  if (!code || Date.now() >= code.expiresAt) return undefined
  const isFirst = await store.useOnce(`${KIND}:${code.id}`, code.expiresAt)
  const { origin, parentId, sessionEndsAt, redirectUri } = code
  const isMeant = origin === asked && redirectUri === presented.redirectUri
  const { challenge } = code
  return isFirst && isMeant && answers(challenge, presented.verifier) ? { origin, parentId, sessionEndsAt } : undefined
}

function open(sealer: Sealer, code: string): z.infer<typeof schema> | undefined {
  const plain = sealer.open(KIND, '', code)
  return plain === undefined ? undefined : schema.safeParse(JSON.parse(plain)).data
}

function answers(challenge: string, verifier: string): boolean {
  if (!VERIFIER.test(verifier)) return false
  const given = createHash('sha256').update(verifier).digest()
  const expected = Buffer.from(challenge, 'base64url')
  return expected.length === given.length && timingSafeEqual(given, expected)
}
