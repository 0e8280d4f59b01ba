import { raw } from 'hono/html'

import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { markup } from './markup.ts'
import { linkButton, requestLine, strong } from './parts/index.ts'
import { pageWords } from './words/index.ts'

export interface DeniedPageOptions {
  /** Who is signed in: email address or name. */
  person: string
  /** Host that was refused. */
  destination: string
  /** Who may pass, in English, to stand behind "This app asks for": `people in staff`. */
  needs: string
  /** Starts a sign-in that lets the person choose another account. */
  switchHref: string
  /** Shows the sign-out page. */
  signOutHref?: string
  requestId: string
}

/**
 * Tells someone who is signed in that this app is not for them, what it asks for, and what they can do.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function deniedPage(look: Look, options: DeniedPageOptions): PageContent {
  const { person, destination, needs, switchHref, signOutHref, requestId } = options
  const words = pageWords(look.language).denied
  const english = look.language === 'en' ? undefined : raw(' lang="en"')
  return {
    title: words.title,
    body: markup`<h1>${words.heading}</h1>
<p class="lead">${words.destination(strong(destination))}</p>
<p>${words.needs(strong(person), markup`<strong><bdi${english}>${needs}</bdi></strong>`)}</p>
<div class="actions">${linkButton({ href: switchHref, label: words.switch, emphasis: 'primary' })}
${signOutHref === undefined ? undefined : linkButton({ href: signOutHref, label: words.signOut })}</div>
<p class="note">${words.ask}</p>
${requestLine(look, requestId)}`,
  }
}
