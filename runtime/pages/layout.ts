import { raw } from 'hono/html'

import { LANGUAGE_NAMES, LANGUAGES } from '../languages/index.ts'
import { inLanguage, type Look } from './look.ts'
import { address, markup, type Markup } from './markup.ts'
import { stylesheetOf } from './styles/index.ts'
import { pageWords } from './words/index.ts'

/** What one page is, whatever it looks like. */
export interface PageContent {
  /** First part of the document's title. */
  title: string
  /** What the card holds; begins with an `h1`. */
  body: Markup
  /** `card` for one decision, `wide` for a page that is read, `full` for one that is worked with. @default 'card' */
  size?: 'card' | 'wide' | 'full' | undefined
  /** Stands above the card; see `navigation`. @default none */
  navigation?: Markup | undefined
  /** Stands below the card. @default that Gatewright protects what is behind it */
  foot?: string | undefined
  /** A script of ours, never made from anything foreign; the page says its piece without it. @default none */
  script?: string | undefined
}

const GATE =
  '<rect width="32" height="32" rx="9"/><g fill="none" stroke-width="2.25" stroke-linecap="round"><path d="M9.5 24V15.5a6.5 6.5 0 0 1 13 0V24"/><path d="M16 13.5V24"/><path d="M7 24h18"/></g>'

/**
 * Puts a body into the one page that all own pages are: brand, card, foot.
 * @returns the document; send it with `pageHeaders`, whose policy allows exactly its stylesheet, pictures and script
 * @throws TypeError when an address in the look is neither a path nor an http(s) URL
 */
export function layout(look: Look, { title, body, size = 'card', navigation, foot, script }: PageContent): string {
  const words = pageWords(look.language).layout
  const document = markup`<!doctype html>
<html lang="${look.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title === look.brandName ? title : `${title} · ${look.brandName}`}</title>
<link rel="icon" href="${raw(icon(look))}">
<style>${raw(stylesheetOf(look.colors).text)}</style>
</head>
<body>
${navigation === undefined ? undefined : markup`<a class="skip" href="#main">${words.skip}</a>`}
<header class="brand">${brandMark(look)}</header>
<div class="frame ${size}">${navigation}<main id="main">${body}</main></div>
<footer>${links(look)}${languages(look)}<p>${foot ?? words.protectedBy}</p></footer>
${script === undefined ? undefined : raw(`<script>${embeddable(script)}</script>`)}
</body>
</html>
`
  return document.toString()
}

function brandMark({ brandName, logoHref }: Look): Markup {
  if (logoHref !== undefined) return markup`<img src="${address(logoHref)}" alt="${brandName}">`
  return markup`<svg viewBox="0 0 32 32" aria-hidden="true">${raw(GATE)}</svg><bdi>${brandName}</bdi>`
}

/** The brand's logo, or the gate in the brand's colour. */
function icon({ logoHref, colors }: Look): string {
  if (logoHref !== undefined) return address(logoHref)
  const fill = colors?.light ?? '#3a4fd0'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="${fill}" stroke="#fff">${GATE.replace('/>', ' stroke="none"/>')}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function links({ links: shown }: Look): Markup | undefined {
  if (shown.length === 0) return undefined
  return markup`<ul>${shown.map(({ label, url }) => markup`<li><a href="${address(url)}">${label}</a></li>`)}</ul>`
}

function languages({ here, language }: Look): Markup | undefined {
  if (here === undefined) return undefined
  const choices = LANGUAGES.map(
    (other) =>
      markup`<li><a href="${address(inLanguage(here, other))}" lang="${other}" hreflang="${other}"${other === language ? raw(' aria-current="true"') : undefined}>${LANGUAGE_NAMES[other]}</a></li>`,
  )
  return markup`<nav aria-label="${pageWords(language).layout.language}"><ul class="languages">${choices}</ul></nav>`
}

/** @throws TypeError for what would end its element early (HTML Living Standard §4.12.1.3) */
function embeddable(script: string): string {
  if (/<(?:!--|\/?script)/i.test(script))
    throw new TypeError('A script in a page must not hold what ends or escapes it')
  return script
}
