import { layout } from './layout.ts'
import { markup } from './markup.ts'
import { linkButton, requestLine } from './parts.ts'

export interface DeniedPageOptions {
  brandName: string
  /** Who is signed in: email address or name. */
  person: string
  /** Host that was refused. */
  destination: string
  /** Who may pass, to stand behind "This app asks for", like "people in staff". */
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
export function deniedPage(options: DeniedPageOptions): string {
  const { brandName, person, destination, needs, switchHref, signOutHref, requestId } = options
  return layout({
    title: 'No access',
    brandName,
    body: markup`<h1>You don’t have access</h1>
<p class="lead">to <strong><bdi>${destination}</bdi></strong></p>
<p>Signed in as <strong><bdi>${person}</bdi></strong>. This app asks for <strong><bdi>${needs}</bdi></strong>.</p>
<div class="actions">${linkButton({ href: switchHref, label: 'Sign in as someone else', emphasis: 'primary' })}
${signOutHref === undefined ? undefined : linkButton({ href: signOutHref, label: 'Sign out' })}</div>
<p class="note">If you should have access, ask your administrator to add you.</p>
${requestLine(requestId)}`,
  })
}
