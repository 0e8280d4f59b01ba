import { RE2JS } from 're2js'

/** Instructions of a compiled pattern. Time is pattern times text: with the bound on texts, some ten milliseconds at the worst. */
const MAX_PROGRAM = 500
const MAX_TEXT = 2_048

/**
 * Compiles an RE2 pattern, which takes linear time.
 * @returns asks whether a text has a match somewhere; it throws RangeError for a text of more than 2,048 characters
 * @throws RangeError, or what RE2 says against the pattern
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern)
  if (compiled.programSize() > MAX_PROGRAM) throw new RangeError('it is too large: repeat less')
  return (text) => {
    if (text.length > MAX_TEXT) throw new RangeError('the text is too long for a pattern')
    return compiled.matcher(text).find()
  }
}
