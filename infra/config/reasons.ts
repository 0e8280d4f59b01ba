/** Words that fill the place of a reason, or only repeat what the setting says by itself. */
const FILLERS: ReadonlySet<string> = new Set(
  (
    'a access allow allowed an and any anybody anyone are as be because everybody everyone fine fix fixme for here is it just later ' +
    'must na needed no none not of ok okay open page path please public reason reasons required route see should site tbd temp ' +
    'temporary test testing that the this ticket to todo true whatever why wip work works yes'
  ).split(' '),
)

/** So many words have to be left: one names a thing, two say something of it. */
const ENOUGH = 2

/**
 * Whether a text that stands for a reason gives none: `yes`, `todo`, or the name of the thing again.
 * @param reason as somebody wrote it
 * @param known names that say nothing new there, such as that of the route
 */
export function saysNothing(reason: string, known: readonly string[] = []): boolean {
  const repeated = new Set(known.flatMap(wordsOf))
  const telling = wordsOf(reason).filter((word) => !FILLERS.has(word) && !repeated.has(word))
  return new Set(telling).size < ENOUGH
}

/** Of any language: Chinese, Japanese and Thai have no blanks between theirs. */
function wordsOf(text: string): string[] {
  const words = new Intl.Segmenter('en', { granularity: 'word' })
  return [...words.segment(text.normalize('NFKC').toLowerCase())]
    .filter(({ isWordLike, segment }) => isWordLike && /\p{L}/u.test(segment))
    .map(({ segment }) => segment)
}
