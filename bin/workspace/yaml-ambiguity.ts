import { type Document, isScalar, visit } from 'yaml'

/** Where YAML 1.1 ends a line and 1.2 does not: what stands behind it would be a comment here and a setting there. */
const DISPUTED_LINE_END = /\r(?!\n)|[\u0085\u2028\u2029]/
/** Octal in YAML 1.1, decimal in 1.2. */
const DISPUTED_NUMBER = /^[-+]?0\d/

/**
 * Says what the engine, whose reader keeps much of YAML 1.1, would read otherwise than we do (YAML 1.2): a review of one
 * must not approve of the other. Characters that are meant can be written as `"\u2028"`.
 * @param document of this text, without errors
 * @returns what it is and what to write instead; undefined where both read the same
 * @see https://yaml.org/spec/1.2.2/ext/changes/
 */
export function yamlAmbiguity(text: string, document: Document): string | undefined {
  const end = DISPUTED_LINE_END.exec(text)
  if (end) {
    const code = (end[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `the character U+${code} (line ${lineOf(text, end.index)}) ends a line for some readers and not for others: take it out`
  }
  return nodeAmbiguity(document, text) ?? keyAmbiguity(document)
}

/** The engine puts a key without a namespace into the project's, and takes `gatewright:config:url` for `gatewright:url`. */
function keyAmbiguity(document: Document): string | undefined {
  const { config } = (document.toJS() ?? {}) as { config?: unknown }
  const odd = Object.keys(Object(config) as object).find((key) => !/^[^:\s]+:[^:]+$/.test(key))
  return odd === undefined ? undefined : `config.${odd}: write each setting as gatewright:<name>`
}

function nodeAmbiguity(document: Document, text: string): string | undefined {
  let found: string | undefined
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '<<') return undefined
      found = 'the merge key << is read by some readers and not by others: write the settings out'
      return visit.BREAK
    },
    Scalar(_, { value, source, range }) {
      if (typeof value !== 'number' || !DISPUTED_NUMBER.test(source ?? '')) return undefined
      found = `${source} (line ${lineOf(text, range?.[0] ?? 0)}) is octal for some readers: write it without the 0 in front`
      return visit.BREAK
    },
  })
  return found
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
