import { contrast } from '../contrast.ts'

/** Colours of a mail in one scheme, as #rrggbb. */
export interface Palette {
  canvas: string
  card: string
  ink: string
  muted: string
  line: string
  accent: string
  /** Text on the accent. */
  onAccent: string
  /** Links on the card: the accent, where it can be read there. */
  link: string
}

const LIGHT = { canvas: '#f4f5f8', card: '#ffffff', ink: '#14171f', muted: '#545c6c', line: '#dfe3ea' }
const DARK = { canvas: '#0e1014', card: '#171a20', ink: '#eef0f4', muted: '#a6aebd', line: '#2b303a' }
const OWN_ACCENTS = { light: '#3a4fd0', dark: '#93a5ff' }

/** What text needs (WCAG 2.2 §1.4.3). */
const READABLE = 4.5

/** The two palettes of a brand, whose accents may be any colours. */
export function palettes(accents: { light: string; dark: string } = OWN_ACCENTS): { light: Palette; dark: Palette } {
  return { light: withAccent(LIGHT, accents.light), dark: withAccent(DARK, accents.dark) }
}

function withAccent(base: typeof LIGHT, accent: string): Palette {
  const onAccent = contrast(accent, '#ffffff') >= contrast(accent, '#000000') ? '#ffffff' : '#000000'
  return { ...base, accent, onAccent, link: contrast(accent, base.card) >= READABLE ? accent : base.ink }
}
