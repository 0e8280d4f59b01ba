import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Says whether a password is that person's. Never says whether there is such a person. */
export type PasswordCheck = (user: string, password: string) => boolean

/**
 * Keeps keyed digests of passwords and compares them in constant time; someone unknown is compared with a digest that
 * nothing has, so that the answer takes as long.
 * @param passwords by user name
 */
export function createPasswordCheck(passwords: ReadonlyMap<string, string>): PasswordCheck {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  const known = new Map([...passwords].map(([user, password]) => [user, digest(password)]))
  const nobody = randomBytes(32)
  return (user, password) => timingSafeEqual(digest(password), known.get(user) ?? nobody)
}
