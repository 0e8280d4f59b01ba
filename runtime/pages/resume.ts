import { layout } from './layout.ts'
import { address, markup } from './markup.ts'
import { chips } from './parts.ts'

/** So many names are shown; a form with more is named by its size. */
const MAX_SHOWN = 12

export interface ResumePageOptions {
  brandName: string
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
export function resumePage({ brandName, host, target, fields }: ResumePageOptions): string {
  const names = [...new Set(fields.map(([name]) => name))]
  const more = names.length - MAX_SHOWN
  const shown = [...names.slice(0, MAX_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])]
  const path = target.split('?', 1)[0] ?? ''
  return layout({
    title: 'Send your form',
    brandName,
    body: markup`<h1>Send your form now?</h1>
<p class="lead">You are signed in again. What you sent before was kept, and has not reached the app yet.</p>
<dl class="facts">
<div><dt>Goes to</dt><dd><bdi>${host}</bdi><bdi>${path}</bdi></dd></div>
<div><dt>Fields</dt><dd>${names.length === 0 ? 'none' : chips(shown)}</dd></div>
</dl>
<form method="post" action="${address(target)}">${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}
<div class="actions"><button class="button primary" type="submit">Send it now</button>
<a class="button" href="${address(path)}">Don’t send it</a></div></form>
<p class="note">If you did not send a form to this app just now, don’t send it.</p>`,
  })
}
