import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { address, markup } from './markup.ts'
import { facts, plain, strong } from './parts/index.ts'
import { pageWords } from './words/index.ts'

export interface CliPageOptions {
  /** Host that the program is to reach. */
  destination: string
  /** Who is signed in: email address or name. */
  person: string
  /** Where the program listens on the person's machine, like `127.0.0.1:49152`. */
  listener: string
  /** How long the access lasts at most. */
  minutes: number
  /** Where the form posts to; name its origin, and where the answer leads, in the answer's `formAction`. */
  action: string
  /** What the form carries along, unseen. */
  fields: readonly (readonly [name: string, value: string])[]
}

/**
 * Asks whether a program may act in somebody's name. Both answers are POSTs, `decision` is `allow` or `deny`.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function cliPage(look: Look, options: CliPageOptions): PageContent {
  const { destination, person, listener, minutes, action, fields } = options
  const words = pageWords(look.language).cli
  return {
    title: words.title,
    body: markup`<h1>${words.heading}</h1>
<p class="lead">${words.destination(strong(destination))}</p>
<p class="notice">${words.warning}</p>
${facts([
  [words.actsAs, plain(person)],
  [words.mayUse, words.mayUseWhat],
  [words.duration, words.minutes(minutes)],
  [words.program, words.listensAt(markup`<code>${listener}</code>`)],
])}
<form method="post" action="${address(action)}">
${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}
<div class="actions"><button class="button primary" type="submit" name="decision" value="allow">${words.allow}</button>
<button class="button" type="submit" name="decision" value="deny">${words.deny}</button></div></form>`,
  }
}
