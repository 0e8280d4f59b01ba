import { isLanguage, type Language, LANGUAGES } from './languages.ts'

/** Keeps what somebody chose at a page. It says nothing about who they are. */
export const LANGUAGE_COOKIE = '__Host-gatewright-language'

/** More ranges than any browser sends. */
const MAX_RANGES = 32

/**
 * The language that somebody wants: the chosen one, then by `Accept-Language` (RFC 9110 §12.5.4), then English.
 * @param chosen value of the language cookie, or of an account; anything
 * @param accepted the header's value
 */
export function chooseLanguage(chosen: string | undefined, accepted: string | null | undefined): Language {
  if (isLanguage(chosen)) return chosen
  const wanted = (accepted ?? '')
    .split(',', MAX_RANGES)
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
  for (const { tag } of wanted) if (isLanguage(tag)) return tag
  return LANGUAGES[0]
}

/**
 * `de-AT;q=0.8` is German (RFC 4647 §3.4, lookup). A weight that is no number (RFC 9110 §12.4.2) is none. Cut at semicolons alone:
 * an expression that takes blanks with them takes quadratic time where somebody sends thousands.
 */
function readRange(range: string): { tag: string; quality: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return { tag: tag.split('-', 1)[0] ?? '', quality: weight === undefined ? 1 : readWeight(weight.slice(2)) }
}

function readWeight(value: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 0
}
