import { raw } from 'hono/html'

import { markup, type Markup } from './markup.ts'
import { stylesheet } from './stylesheet.ts'

/** What every own page consists of. */
export interface LayoutOptions {
  /** First part of the document's title. */
  title: string
  /** Stands above the card, and as second part of the document's title. */
  brandName?: string
  /** What the card holds; begins with an `h1`. */
  body: Markup
  /** `card` for one decision, `wide` for a page that is read. @default 'card' */
  size?: 'card' | 'wide'
  /** Stands below the card. @default 'Protected by Gatewright' */
  foot?: string
}

const GATE =
  '<rect width="32" height="32" rx="9"/><g fill="none" stroke-width="2.25" stroke-linecap="round"><path d="M9.5 24V15.5a6.5 6.5 0 0 1 13 0V24"/><path d="M16 13.5V24"/><path d="M7 24h18"/></g>'
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#3a4fd0" stroke="#fff">${GATE.replace('/>', ' stroke="none"/>')}</svg>`

/**
 * Puts a body into the one page that all own pages are: brand, card, foot. Works without JavaScript.
 * @returns the document; send it with `pageHeaders`, whose policy allows exactly its stylesheet and its icon
 */
export function layout({
  title,
  brandName,
  body,
  size = 'card',
  foot = 'Protected by Gatewright',
}: LayoutOptions): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${brandName === undefined ? title : `${title} · ${brandName}`}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>${raw(stylesheet)}</style>
</head>
<body>
<header class="brand"><svg viewBox="0 0 32 32" aria-hidden="true">${raw(GATE)}</svg><bdi>${brandName ?? 'Gatewright'}</bdi></header>
${size === 'wide' ? markup`<div class="wide"><main>${body}</main></div>` : markup`<main>${body}</main>`}
<footer>${foot}</footer>
</body>
</html>
`
  return page.toString()
}
