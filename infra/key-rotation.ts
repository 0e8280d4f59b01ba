import { nextSecretName, rotationSteps } from './identity-providers/rotation.ts'

/** Names of the gateway's keys, the one in use first. */
export interface KeyNames {
  signing: readonly string[]
  sealing: readonly string[]
}

/** One state of the stack on the way, and what has to happen before the next may come. */
export interface KeyStep {
  names: KeyNames
  /** In seconds; 0 where there is nothing to wait for. */
  waitSeconds: number
  /** What is waited for, in words: a sentence each, without a full stop. */
  reasons: string[]
}

/** How long apps may keep a JWKS that they have fetched (its `max-age`), and how long an assertion lives. */
const JWKS_MAX_AGE = 5 * 60
const ASSERTION_LIFETIME = 5 * 60
/** Sign-ins under way and kept forms live ten minutes under the key that they were sealed with; sessions are sealed anew at once. */
const RESEALING = 15 * 60

/** Key names begin with a letter, and end with a day. */
const PREFIX = 'k-'

/**
 * The way of the gateway's keys from one to the next: [a] → [a, b] → [b, a] → [b]. In the second state everybody learns of
 * the new key before it is used, in the third the former one still opens and verifies what was made with it. A rotation that
 * broke off is led to its end, with every wait in full, because nobody knows how much of one had passed.
 * @param day in ISO form, `2026-11-22`
 * @returns what to deploy, one after the other; or `ambiguous`, when nobody can tell which of two keys is the new one
 */
export function keyRotationSteps({ signing, sealing }: KeyNames, day: string): KeyStep[] | 'ambiguous' {
  const [signed, sealed] = [statesOf(signing, day), statesOf(sealing, day)]
  if (signed === 'ambiguous' || sealed === 'ambiguous') return 'ambiguous'
  const length = Math.max(signed.length, sealed.length)
  // Both come to their end in the last step: who has begun already waits at where they are.
  const at = (states: string[][], index: number): string[] => states[Math.max(0, index - length + states.length)] ?? []
  return Array.from({ length }, (_, index) => {
    const names = { signing: at(signed, index), sealing: at(sealed, index) }
    const next = { signing: at(signed, index + 1), sealing: at(sealed, index + 1) }
    return { names, ...(index === length - 1 ? { waitSeconds: 0, reasons: [] } : waitBefore(names, next)) }
  })
}

function statesOf(present: readonly string[], day: string): string[][] | 'ambiguous' {
  const dates = present.map(withoutPrefix)
  const states = rotationSteps(dates, nextSecretName(day, dates), 1)
  if (states === 'ambiguous') return states
  const known = new Map(present.map((name) => [withoutPrefix(name), name]))
  return states.map((names) => names.map((name) => known.get(name) ?? PREFIX + name))
}

/** The rules of rotation tell names apart that are days. */
function withoutPrefix(name: string): string {
  return /^k-\d{4}-/.test(name) ? name.slice(PREFIX.length) : name
}

function waitBefore(names: KeyNames, next: KeyNames): Pick<KeyStep, 'waitSeconds' | 'reasons'> {
  const waits: [boolean, number, string][] = [
    [
      isExchanged(names.signing, next.signing),
      JWKS_MAX_AGE,
      `apps may use a list of keys (JWKS) without the new one for up to ${JWKS_MAX_AGE / 60} minutes`,
    ],
    [
      isDropped(names.signing, next.signing),
      ASSERTION_LIFETIME,
      `assertions that the former key has signed are good for up to ${ASSERTION_LIFETIME / 60} minutes`,
    ],
    [
      isDropped(names.sealing, next.sealing),
      RESEALING,
      `the gateway seals anew what the former key has sealed, and sign-ins under way come to their end (${RESEALING / 60} minutes)`,
    ],
  ]
  const due = waits.filter(([isDue]) => isDue)
  return { waitSeconds: Math.max(0, ...due.map(([, seconds]) => seconds)), reasons: due.map(([, , reason]) => reason) }
}

function isExchanged(names: readonly string[], next: readonly string[]): boolean {
  return names[0] !== next[0]
}

function isDropped(names: readonly string[], next: readonly string[]): boolean {
  return names.some((name) => !next.includes(name))
}
