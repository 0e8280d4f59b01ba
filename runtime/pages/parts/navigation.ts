import { raw } from 'hono/html'

import type { Look } from '../look.ts'
import { address, markup, type Markup } from '../markup.ts'
import { pageWords } from '../words/index.ts'
import { linkButton } from './links.ts'

export interface NavigationOptions {
  /** What it leads through, for screen readers. */
  label: string
  /** `current` is the page itself, or the one above it. */
  items: readonly { href: string; label: string; current: boolean }[]
  /** Who is signed in. @default nobody is named */
  person?: string | undefined
}

/**
 * The ways between pages that belong together; goes above the card, as `navigation` of the page's content.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function navigation({ label, items, person }: NavigationOptions): Markup {
  const ways = items.map(
    ({ href, label: name, current }) =>
      markup`<li><a href="${address(href)}"${current ? raw(' aria-current="page"') : undefined}>${name}</a></li>`,
  )
  return markup`<nav class="tabs" aria-label="${label}"><ul>${ways}</ul>${
    person === undefined ? undefined : markup`<p><bdi>${person}</bdi></p>`
  }</nav>`
}

/**
 * Ways through a long list, newest first.
 * @param ways addresses of the parts next to this one; undefined at the ends
 * @param note what is shown, like "50 of 10,312 accounts"
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function pagination(
  look: Pick<Look, 'language'>,
  { newerHref, olderHref, note }: { newerHref?: string | undefined; olderHref?: string | undefined; note?: string },
): Markup {
  const words = pageWords(look.language).parts
  const way = (href: string | undefined, label: string): Markup | undefined =>
    href === undefined ? undefined : linkButton({ href, label, emphasis: 'compact' })
  return markup`<nav class="pages" aria-label="${words.pages}"><p>${note}</p><div class="actions">${way(newerHref, words.newer)}${way(olderHref, words.older)}</div></nav>`
}
