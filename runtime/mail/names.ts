/** Longer names are cut, in characters as people count them. */
const LENGTH_AT_MOST = 80

/** Of more than so many code units nothing is looked at: one character can have any number of them. */
const READ_AT_MOST = 1_000

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Keeps mail programs from taking what stands around it for an address, and is not seen (Unicode, WORD JOINER). */
const JOINER = '\u2060'

/**
 * A name as it may stand in a mail and in its header: on one line, of bounded length, in the direction of its own letters.
 * @param name anything
 * @returns the name; empty where nothing of it can be shown
 */
export function oneLine(name: string): string {
  const line = name
    .slice(0, READ_AT_MOST)
    .toWellFormed()
    // Controls and line ends end a header (RFC 5322 §2.2); marks of direction turn what follows around.
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .split(/\s/u)
    .filter((word) => word !== '')
    .join(' ')
  const characters = Array.from(segmenter.segment(line), ({ segment }) => segment)
  return characters.length > LENGTH_AT_MOST ? `${characters.slice(0, LENGTH_AT_MOST - 1).join('')}…` : line
}

/**
 * A name that anybody may have chosen, with nothing in it that mail programs make a link of: else an invitation would carry
 * a stranger's advertisement under the brand's name.
 * @param name anything
 */
export function unlinkedName(name: string): string {
  return oneLine(name).replace(/[.:/@\uff0e\u3002\uff61](?=\S)/gu, `$&${JOINER}`)
}
