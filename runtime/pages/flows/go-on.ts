import type { Look } from '../look.ts'
import { address, markup } from '../markup.ts'
import { page } from '../page.ts'
import { linkButton } from '../parts/index.ts'
import { flowWords } from './words/index.ts'

/**
 * A page that goes on by itself at once (HTML Living Standard §4.2.5.3, `Refresh`), and by its button where a browser does not.
 * @throws TypeError when `href` is neither a path nor an http(s) URL
 */
export function goOnPage(
  look: Look,
  { href, setCookies = [] }: { href: string; setCookies?: readonly string[] },
): Response {
  const { goOn, common } = flowWords(look.language)
  const body = markup`<h1>${goOn.title}</h1>
<p class="lead">${goOn.lead}</p>
<div class="actions">${linkButton({ href, label: common.continue, emphasis: 'primary' })}</div>`
  return page(look, { title: goOn.title, body }, { setCookies, headers: { refresh: `0; url=${address(href)}` } })
}
