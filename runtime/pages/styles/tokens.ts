import { inkOn, mix } from '../colors.ts'

/** A brand's accent in light and in dark, as `#rrggbb`. */
export interface AccentColors {
  light: string
  dark: string
}

/** What a card is in each scheme: an accent has to be read on it. */
const CARD = { light: '#ffffff', dark: '#171a20' } as const

const OWN: AccentColors = { light: '#3a4fd0', dark: '#93a5ff' }

/** Colours and measures of all pages; everything else in the stylesheet is made of these. */
export function tokens(colors: AccentColors = OWN): string {
  return `
:root {
  color-scheme: light dark;
  --canvas: #f4f5f8; --card: ${CARD.light}; --well: #f7f8fa; --ink: #14171f; --muted: #545c6c; --line: #dfe3ea; --edge: #858d9d;
  ${accent(colors.light, CARD.light, 0.1)}
  --alert: #a3261b; --alert-well: #fdf1ef; --alert-line: #f1cdc8; --on-alert: #ffffff;
  --good: #1b6638; --good-well: #eaf6ee; --warn: #7a4b00; --warn-well: #fdf4e0; --warn-line: #eed9ad;
  --shadow: 0 1px 2px rgb(20 23 31 / 6%), 0 12px 32px -12px rgb(20 23 31 / 14%);
  --space: 1rem; --radius: 0.625rem; --radius-card: 1rem; --target: 2.75rem;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", Meiryo, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #0e1014; --card: ${CARD.dark}; --well: #1e222a; --ink: #eef0f4; --muted: #a6aebd; --line: #2b303a; --edge: #727b8c;
    ${accent(colors.dark, CARD.dark, 0.16)}
    --alert: #ffa59b; --alert-well: #2c1a19; --alert-line: #5a2c28; --on-alert: #2c0f0c;
    --good: #7fd6a0; --good-well: #16281d; --warn: #f2c36b; --warn-well: #2b2213; --warn-line: #574423;
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 16px 40px -16px rgb(0 0 0 / 60%);
  }
}
`
}

/** @param tint how much of the accent is in the ground of what is picked out, 0 to 1 */
function accent(color: string, card: string, tint: number): string {
  const ink = inkOn(color)
  // Away from the ink, so that what is written on it stays as readable under the pointer.
  const strong = mix(color, ink === '#ffffff' ? '#000000' : '#ffffff', 0.2)
  return `--accent: ${color}; --accent-strong: ${strong}; --on-accent: ${ink}; --tint: ${mix(card, color, tint)};`
}
