import { layout } from './layout.ts'
import { address, markup } from './markup.ts'

export interface CliPageOptions {
  brandName: string
  /** Host that the program is to reach. */
  destination: string
  /** Who is signed in: email address or name. */
  person: string
  /** Where the program listens on the person's machine, like `127.0.0.1:49152`. */
  listener: string
  /** How long the access lasts at most. */
  minutes: number
  /** Where the form posts to; name its origin, and where the answer leads, in `formAction` of `pageHeaders`. */
  action: string
  /** What the form carries along, unseen. */
  fields: readonly (readonly [name: string, value: string])[]
}

/**
 * Asks whether a program may act in somebody's name. Both answers are POSTs, `decision` is `allow` or `deny`.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function cliPage(options: CliPageOptions): string {
  const { brandName, destination, person, listener, minutes, action, fields } = options
  return layout({
    title: 'Let a program in',
    brandName,
    body: markup`<h1>Let a program on this computer in?</h1>
<p class="lead">to <strong><bdi>${destination}</bdi></strong></p>
<p class="notice">Go on only if you have just started this yourself, on this computer. Nobody from support ever needs you to.</p>
<dl class="facts">
<div><dt>Acts as</dt><dd><bdi>${person}</bdi></dd></div>
<div><dt>May use</dt><dd>what you may use there, and no other app</dd></div>
<div><dt>For</dt><dd>${minutes} minutes, or until you sign out of everything</dd></div>
<div><dt>Program</dt><dd>on this computer, at <code>${listener}</code></dd></div>
</dl>
<form method="post" action="${address(action)}">
${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}
<div class="actions"><button class="button primary" type="submit" name="decision" value="allow">Let it in</button>
<button class="button" type="submit" name="decision" value="deny">Cancel</button></div></form>`,
  })
}
