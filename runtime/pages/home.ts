import { layout } from './layout.ts'
import { markup } from './markup.ts'
import { linkButton } from './parts.ts'

export interface HomePageOptions {
  brandName: string
  /** Who is signed in: email address or name. */
  person: string
  signOutHref: string
}

/**
 * The login host's front page for someone who is signed in.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function homePage({ brandName, person, signOutHref }: HomePageOptions): string {
  return layout({
    title: 'Signed in',
    brandName,
    body: markup`<h1>You are signed in</h1>
<p class="lead">as <strong><bdi>${person}</bdi></strong></p>
<p>Open any app behind ${brandName}; you will not be asked again.</p>
<div class="actions">${linkButton({ href: signOutHref, label: 'Sign out' })}</div>`,
  })
}
