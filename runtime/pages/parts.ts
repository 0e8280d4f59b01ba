import { raw } from 'hono/html'

import { address, markup, type Markup } from './markup.ts'

export interface LinkOptions {
  href: string
  label: string
  /** The one thing that most people want here. At most one per page. */
  emphasis?: 'primary'
}

/**
 * A link that looks like a button: a step that changes nothing by itself, so it is a GET.
 * @throws TypeError when `href` is neither a path nor an http(s) URL
 */
export function linkButton({ href, label, emphasis }: LinkOptions): Markup {
  return markup`<a class="button${emphasis === 'primary' ? ' primary' : ''}" href="${address(href)}">${label}</a>`
}

/** The line by which an administrator finds this request in the log. */
export function requestLine(requestId: string): Markup {
  return markup`<p class="request"><code>${requestId}</code>Request ID. Quote this to your administrator.</p>`
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

const tick = raw(
  '<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m2.5 8.5 3.5 3.5 7.5-8"/></svg>',
)

const cross = raw(
  '<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" aria-hidden="true"><path d="m3.5 3.5 9 9m0-9-9 9"/></svg>',
)
