import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { address, markup } from './markup.ts'
import { chips, facts, plain } from './parts/index.ts'
import { pageWords } from './words/index.ts'

/** So many names are shown; a form with more is named by its size. */
const MAX_SHOWN = 12

export interface ResumePageOptions {
  /** Host of the app. */
  host: string
  /** Path and query at that host that the form goes to. */
  target: string
  /** All fields in their order. Values are never shown: they may be passwords. */
  fields: readonly (readonly [name: string, value: string])[]
}

/**
 * Shows what somebody sent before they were signed in, and sends it on by their click: never by itself, since then any
 * page that made them send it would have had its way. Needs `formAction: 'anywhere'`.
 * @throws TypeError when `target` is no path
 */
export function resumePage(look: Look, { host, target, fields }: ResumePageOptions): PageContent {
  const words = pageWords(look.language).resume
  const names = [...new Set(fields.map(([name]) => name))]
  const more = names.length - MAX_SHOWN
  const shown = [...names.slice(0, MAX_SHOWN), ...(more > 0 ? [words.more(more)] : [])]
  const path = target.split('?', 1)[0] ?? ''
  return {
    title: words.title,
    body: markup`<h1>${words.heading}</h1>
<p class="lead">${words.lead}</p>
${facts([
  [words.goesTo, markup`${plain(host)}${plain(path)}`],
  [words.fields, names.length === 0 ? words.noFields : chips(shown)],
])}
<form method="post" action="${address(target)}">${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}
<div class="actions"><button class="button primary" type="submit">${words.send}</button>
<a class="button" href="${address(path)}">${words.dismiss}</a></div></form>
<p class="note">${words.warning}</p>`,
  }
}
