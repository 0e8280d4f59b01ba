/** Text that came out of a stack file; it is shown apart from our own words, so that neither can pass for the other. */
export interface Quoted {
  quoted: string
}

/** A sentence, or a part of one, in our words and the stack file's. */
export interface Phrase {
  parts: readonly (string | Quoted)[]
}

/**
 * Makes a phrase of a template: what stands in the template is ours; texts and lists of texts put into it are quoted, and a
 * phrase put into it stays what it is.
 */
export function say(ours: TemplateStringsArray, ...theirs: (string | number | readonly string[] | Phrase)[]): Phrase {
  const parts = ours.flatMap((text, index) => {
    const value = theirs[index]
    return value === undefined ? [text] : [text, ...quote(value).parts]
  })
  return { parts: parts.filter((part) => part !== '') }
}

/** @returns the phrases one after another, with a text of ours between them */
export function join(phrases: readonly Phrase[], between: string): Phrase {
  return { parts: phrases.flatMap(({ parts }, index) => (index === 0 ? parts : [between, ...parts])) }
}

function quote(value: string | number | readonly string[] | Phrase): Phrase {
  if (typeof value === 'string' || typeof value === 'number') return { parts: [{ quoted: String(value) }] }
  if ('parts' in value) return value
  return join(
    value.map((text) => quote(text)),
    ', ',
  )
}
