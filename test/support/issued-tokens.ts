import { randomUUID } from 'node:crypto'

/** All tokens that the providers of a test run have issued. They are the gateway's alone to know. */
const issued = new Set<string>()

/** @returns a new opaque token, which is watched from then on */
export function issueToken(kind: 'access' | 'refresh'): string {
  return watchToken(`${kind}-token-value-${randomUUID()}`)
}

/** Watches a token from then on. */
export function watchToken(token: string): string {
  issued.add(token)
  return token
}

/**
 * Looks for issued tokens where none may be: a page, headers with cookies, a log, what an app is sent.
 * @throws Error that says where, never which
 */
export function requireNoTokens(text: string, where: string): void {
  const found = [...issued].filter((token) => text.includes(token)).length
  if (found > 0) throw new Error(`${found} tokens of an identity provider can be read in ${where}`)
}
