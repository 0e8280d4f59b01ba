import { layout } from './layout.ts'
import { address, markup } from './markup.ts'
import { linkButton, tickList } from './parts.ts'

export interface SignOutPageOptions {
  brandName: string
  /** Who is signed in: email address or name. */
  person?: string
  /** Where the form posts to; name its origin, and those it redirects to, in `formAction` of `pageHeaders`. */
  action: string
}

/**
 * Asks whether to sign out. The step itself is a POST, so that no foreign link or image can take it.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function signOutPage({ brandName, person, action }: SignOutPageOptions): string {
  return layout({
    title: 'Sign out',
    brandName,
    body: markup`<h1>Sign out of <bdi>${brandName}</bdi>?</h1>
${person === undefined ? undefined : markup`<p class="lead">Signed in as <strong><bdi>${person}</bdi></strong>.</p>`}
<p class="lead">This ends your session in every app behind <bdi>${brandName}</bdi> in this browser.</p>
<form method="post" action="${address(action)}"><div class="actions"><button class="button primary" type="submit">Sign out</button></div></form>`,
  })
}

export interface SignedOutPageOptions {
  brandName: string
  /** What was ended, one phrase each, like "Your session at Acme". */
  ended: readonly string[]
  signInHref?: string
}

/**
 * Says that a sign-out is done and what it has ended.
 * @throws TypeError when `signInHref` is neither a path nor an http(s) URL
 */
export function signedOutPage({ brandName, ended, signInHref }: SignedOutPageOptions): string {
  return layout({
    title: 'Signed out',
    brandName,
    body: markup`<h1>You are signed out</h1>
${
  ended.length === 0
    ? markup`<p class="lead">There was no session left to end in this browser.</p>`
    : markup`<p class="lead">What has ended in this browser:</p>${tickList(ended.map((what) => markup`<bdi>${what}</bdi>`))}`
}
${signInHref === undefined ? undefined : markup`<div class="actions">${linkButton({ href: signInHref, label: 'Sign in again' })}</div>`}`,
  })
}
