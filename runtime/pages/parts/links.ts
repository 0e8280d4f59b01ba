import { raw } from 'hono/html'

import type { Language } from '../../languages/index.ts'
import type { Look } from '../look.ts'
import { address, markup, type Markup } from '../markup.ts'
import { pageWords } from '../words/index.ts'

export interface LinkOptions {
  href: string
  label: string
  /** `primary` is the one thing that most people want here, at most one per page; `compact` is as wide as its label. */
  emphasis?: 'primary' | 'compact' | undefined
  /** A picture in front of the label, a path of this host. @default none */
  logoHref?: string | undefined
}

/**
 * A link that looks like a button: a step that changes nothing by itself, so it is a GET.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function linkButton({ href, label, emphasis, logoHref }: LinkOptions): Markup {
  // The label says all that the picture does.
  const logo = logoHref === undefined ? undefined : markup`<img src="${address(logoHref)}" alt="">`
  return markup`<a class="button${emphasis === undefined ? '' : ` ${emphasis}`}" href="${address(href)}">${logo}${label}</a>`
}

/** The line by which an administrator finds this request in the log. */
export function requestLine({ language }: Pick<Look, 'language'>, requestId: string): Markup {
  return markup`<p class="request"><code>${requestId}</code>${pageWords(language).parts.requestId}</p>`
}

/** A list of things that are so, each with a tick. */
export function tickList(items: readonly Markup[]): Markup {
  return markup`<ul class="list">${items.map((item) => markup`<li>${tick}<div>${item}</div></li>`)}</ul>`
}

/** A list of things that are not so, each with a cross. */
export function crossList(items: readonly Markup[]): Markup {
  return markup`<ul class="list open">${items.map((item) => markup`<li>${cross}<div>${item}</div></li>`)}</ul>`
}

/** Short names side by side. */
export function chips(names: readonly string[]): Markup {
  return markup`<ul class="chips">${names.map((name) => markup`<li><bdi>${name}</bdi></li>`)}</ul>`
}

/** A word of state; its colour says nothing that the word does not. */
export function badge(label: string, tone: 'neutral' | 'good' | 'warn' | 'alert' = 'neutral'): Markup {
  return markup`<span class="badge${tone === 'neutral' ? '' : ` ${tone}`}">${label}</span>`
}

/** What people want to know, by name. @param rows term and what it is; an empty value is told apart by the caller */
export function facts(rows: readonly (readonly [term: string, value: Markup | string])[]): Markup {
  return markup`<dl class="facts">${rows.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Initials in a circle, for eyes alone: the name has to stand beside it. */
export function avatar(name: string): Markup {
  const words = name.split(/[\s@._-]+/).filter((word) => word !== '')
  const initials = words.slice(0, 2).map((word) => String.fromCodePoint(word.codePointAt(0) ?? 0).toUpperCase())
  return markup`<span class="avatar" aria-hidden="true">${initials.join('')}</span>`
}

/** A moment, in the page's language and in UTC, since nobody tells a server where a browser is. @param at milliseconds since 1970 */
export function moment({ language }: Pick<Look, 'language'>, at: number): Markup {
  const shown = clockOf(language).format(at)
  return markup`<time datetime="${new Date(at).toISOString()}">${shown} ${pageWords(language).parts.utc}</time>`
}

/** Making one takes longer than a row of a table; there are as many as languages. */
const clocks = new Map<Language, Intl.DateTimeFormat>()

function clockOf(language: Language): Intl.DateTimeFormat {
  const known = clocks.get(language)
  if (known) return known
  const made = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  clocks.set(language, made)
  return made
}

const tick = raw(
  '<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m2.5 8.5 3.5 3.5 7.5-8"/></svg>',
)

const cross = raw(
  '<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" aria-hidden="true"><path d="m3.5 3.5 9 9m0-9-9 9"/></svg>',
)
