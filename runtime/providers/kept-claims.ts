import type { ClaimValue } from '../policy/index.ts'
import { FailedCheck } from './classify.ts'

/** Of all kept claims of a person together, as JSON: they are in every session, and in assertions. */
const MAX_BYTES = 4 * 1024
const MAX_ENTRIES = 100

/**
 * The claims that a provider's `claims` keeps. A claim that cannot be kept is refused, not left out: a rule may ask that it
 * is *not* there.
 * @param names in the order of the configuration
 * @returns what is there; `null` is not
 * @throws FailedCheck `provider_answer_invalid` for what is neither a text, a number, a truth nor a list of texts, and for more
 *   than 4 KiB
 */
export function keptClaims(claims: Record<string, unknown>, names: readonly string[]): Record<string, ClaimValue> {
  const kept: [string, ClaimValue][] = []
  for (const name of names) {
    const value: unknown = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (value === undefined || value === null) continue
    if (!isKeepable(value)) {
      const advice = `it is no text, number or truth, and no list of at most ${MAX_ENTRIES} texts`
      throw new FailedCheck('provider_answer_invalid', `the claim ${name} cannot be kept: ${advice}`)
    }
    kept.push([name, value])
  }
  const all = Object.fromEntries(kept)
  if (Buffer.byteLength(JSON.stringify(all)) > MAX_BYTES) {
    throw new FailedCheck('provider_answer_invalid', `the kept claims have more than ${MAX_BYTES} bytes together`)
  }
  return all
}

function isKeepable(value: unknown): value is ClaimValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return Array.isArray(value) && value.length <= MAX_ENTRIES && value.every((entry) => typeof entry === 'string')
}
