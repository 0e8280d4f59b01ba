import { createHash } from 'node:crypto'

import { controls } from './controls.ts'
import { data } from './data.ts'
import { frame } from './frame.ts'
import { type AccentColors, tokens } from './tokens.ts'

/** The stylesheet of a page: inlined, and named by its digest in the Content-Security-Policy. */
export interface Stylesheet {
  text: string
  /** As `style-src` takes it (CSP Level 3 §2.3.1, hash-source). */
  source: string
}

const own = make(undefined)

/** By a brand's colours, for as long as its configuration lives. */
const made = new WeakMap<AccentColors, Stylesheet>()

/** @param colors of the brand; undefined for our own */
export function stylesheetOf(colors: AccentColors | undefined): Stylesheet {
  if (!colors) return own
  const known = made.get(colors)
  if (known) return known
  const fresh = make(colors)
  made.set(colors, fresh)
  return fresh
}

function make(colors: AccentColors | undefined): Stylesheet {
  const text = tokens(colors) + frame + controls + data
  return { text, source: `'sha256-${createHash('sha256').update(text).digest('base64')}'` }
}
