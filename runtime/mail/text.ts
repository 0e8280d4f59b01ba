import type { Frame } from './frame.ts'
import type { Letter } from './letter.ts'
import { oneLine } from './names.ts'
import { mailWords } from './words/index.ts'

/** The letter as plain text. Links stand alone on their lines, where every program finds their end. */
export function renderText({ heading, paragraphs, facts, action, notes }: Letter, { brand, language }: Frame): string {
  const blocks = [
    heading,
    ...paragraphs,
    facts.map(({ term, value }) => `${term}: ${value}`).join('\n'),
    `${action.label}:\n${action.link}`,
    ...notes,
    // The delimiter of a signature, with its blank (RFC 3676 §4.3).
    ['-- ', mailWords[language].foot(oneLine(brand.name)), ...brand.links.map(renderLink)].join('\n'),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function renderLink({ label, url }: Frame['brand']['links'][number]): string {
  return `${oneLine(label)}: ${url}`
}
