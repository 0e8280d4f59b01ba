import { markup, type Markup } from '../markup.ts'

/** A name of a person, host or brand in a sentence; its direction is its own. */
export function strong(name: string): Markup {
  return markup`<strong><bdi>${name}</bdi></strong>`
}

/** The same without weight. */
export function plain(name: string): Markup {
  return markup`<bdi>${name}</bdi>`
}
