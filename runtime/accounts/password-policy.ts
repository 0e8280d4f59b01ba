import { COMMON_WORDS } from './common-words.ts'
import type { PasswordVerdict } from './contract.ts'

/**
 * In characters. NIST SP 800-63B-4 §3.1.1.2 wants 15 where a password is all there is; here it has limits on attempts and a check against what is
 * guessed early beside it.
 */
export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 128

/** A guesser's pieces count as two characters each; so many have to be there in the end. */
const LEAST_CHARACTERS = 8
const PIECE = 2
/** What is repeated costs a guesser next to nothing. */
const AGAIN = 1

const SHORTEST_WORD = 4
const LONGEST_WORD = 16
const SHORTEST_RUN = 3
const SHORTEST_NAME = 3
const LONGEST_PERIOD = 32

/** Rows of keys and what everybody can say by heart, in both directions. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o0p',
  '!@#$%^&*()',
]
const RUNS = [...ROWS, ...ROWS.map((row) => Array.from(row).toReversed().join(''))]

/** Signs that stand for letters. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** One spelling of what different keyboards type for the same password (NIST SP 800-63B-4 §3.1.1.2). */
export function foldPassword(password: string): string {
  return password.normalize('NFKC')
}

/**
 * Judges a password by its length, and by how far a guesser comes with what is tried first: common words and names, also with digits for
 * letters, rows of keys, years, repetitions, and what is known of the person. There is no rule about kinds of characters.
 * @param about the person's address and names
 */
export function judgePassword(password: string, about: readonly string[] = []): PasswordVerdict {
  const folded = foldPassword(password)
  const { length } = Array.from(folded)
  if (length < SHORTEST_PASSWORD) return 'too_short'
  if (length > LONGEST_PASSWORD) return 'too_long'
  return charactersToGuess(folded.toLowerCase(), namesIn(about)) < LEAST_CHARACTERS ? 'common' : 'good'
}

/** The least that a text costs when it is put together of known pieces and single characters. */
function charactersToGuess(text: string, names: ReadonlySet<string>): number {
  const plain = text.replaceAll(/[01345@$!7]/g, (sign) => STANDS_FOR[sign] ?? sign)
  const costs = [0]
  for (let end = 1; end <= text.length; end += 1) {
    let least = (costs[end - 1] ?? 0) + 1
    for (let start = Math.max(0, end - LONGEST_PERIOD); start < end; start += 1) {
      const cost = pieceCost(text, plain, start, end, names)
      if (cost !== undefined) least = Math.min(least, (costs[start] ?? 0) + cost)
    }
    costs.push(least)
  }
  return costs.at(-1) ?? 0
}

function pieceCost(
  text: string,
  plain: string,
  start: number,
  end: number,
  names: ReadonlySet<string>,
): number | undefined {
  const piece = text.slice(start, end)
  const { length } = piece
  if (length <= start && text.slice(start - length, start) === piece) return AGAIN
  const spelled = plain.slice(start, end)
  if (length >= SHORTEST_NAME && (names.has(piece) || names.has(spelled))) return PIECE
  if (length >= SHORTEST_WORD && length <= LONGEST_WORD && (isCommon(piece) || isCommon(spelled))) return PIECE
  const isRun = length >= SHORTEST_RUN && RUNS.some((run) => run.includes(piece))
  return isRun || /^(?:19|20)\d\d$/.test(piece) ? PIECE : undefined
}

function isCommon(word: string): boolean {
  return COMMON_WORDS.has(word)
}

/** Whole, and in the parts that people take of them. */
function namesIn(about: readonly string[]): ReadonlySet<string> {
  const parts = about.flatMap((text) => {
    const lower = foldPassword(text).toLowerCase()
    return [lower, ...lower.split(/[^\p{L}\p{N}]+/u)]
  })
  return new Set(parts.filter((part) => part.length >= SHORTEST_NAME && part.length <= LONGEST_PERIOD))
}
