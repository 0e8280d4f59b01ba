/** Opening bracket → closing one. */
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** A text in quotes of one of the three kinds that JMESPath has, with backslash escapes. */
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/gs

/**
 * Looks for what no JMESPath expression has: quotes or brackets that are left open, a literal that is no JSON, JavaScript's
 * and CEL's operators. What it lets pass may still be wrong.
 * @returns what is wrong, in words; nothing where nothing was found
 * @see https://jmespath.org/specification.html#grammar
 */
export function expressionMistake(text: string): string | undefined {
  for (const [literal] of text.matchAll(QUOTED)) {
    if (literal.startsWith('`') && !isJson(literal.slice(1, -1).replaceAll('\\`', '`'))) {
      return `${literal} is no literal: between backticks stands JSON, and a text stands between single quotes`
    }
  }
  const bare = text.replaceAll(QUOTED, ' x ')
  if (/['"`]/.test(bare)) return 'a quotation mark is left open'
  if (/===|!==|(?<![=!<>])=(?!=)/.test(bare)) return 'write == or != to compare'
  if (/(?<!\|)\|\s*$|[&|.]\s*$/.test(bare)) return 'its end is missing'
  return bracketMistake(bare)
}

function bracketMistake(text: string): string | undefined {
  const open: string[] = []
  for (const character of text) {
    const closing = PAIRS[character]
    if (closing !== undefined) open.push(closing)
    else if (')]}'.includes(character) && open.pop() !== character)
      return `there is a ${character} without its beginning`
  }
  return open.length === 0 ? undefined : `a ${open.at(-1) ?? ''} is missing`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
