import { layout } from './layout.ts'
import { address, markup } from './markup.ts'
import { crossList, linkButton, tickList } from './parts.ts'

/** The field of the sign-out form that says how much is to end, and its values. */
export const SIGN_OUT_SCOPE = { field: 'scope', app: 'app', everything: 'everything' } as const

export interface SignOutPageOptions {
  brandName: string
  /** Who is signed in: email address or name. */
  person?: string
  /**
   * Host of the app where the question is asked: there, the form says how much (see `SIGN_OUT_SCOPE`).
   * @default the question is about everything, and no `scope` is sent
   */
  app?: string
  /** Where the form posts to; name its origin, and those it redirects to, in `formAction` of `pageHeaders`. */
  action: string
}

/**
 * Asks whether to sign out. The step itself is a POST, so that no foreign link or image can take it.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function signOutPage({ brandName, person, app, action }: SignOutPageOptions): string {
  const { field, app: only, everything } = SIGN_OUT_SCOPE
  const choices =
    app === undefined
      ? markup`<button class="button primary" type="submit">Sign out</button>`
      : markup`<button class="button primary" type="submit" name="${field}" value="${everything}">Sign out of everything</button>
<button class="button" type="submit" name="${field}" value="${only}">Sign out of this app only</button>`
  return layout({
    title: 'Sign out',
    brandName,
    body: markup`<h1>Sign out${app === undefined ? markup` of <bdi>${brandName}</bdi>` : undefined}?</h1>
${app === undefined ? undefined : markup`<p class="lead">of <strong><bdi>${app}</bdi></strong></p>`}
${person === undefined ? undefined : markup`<p class="lead">Signed in as <strong><bdi>${person}</bdi></strong>.</p>`}
${
  app === undefined
    ? markup`<p class="lead">This ends your session in every app behind <bdi>${brandName}</bdi> in this browser.</p>`
    : markup`<p class="lead">Everything means all apps behind <bdi>${brandName}</bdi> in this browser. This app alone lets you in again without asking, for as long as you are signed in to <bdi>${brandName}</bdi>.</p>`
}
<form method="post" action="${address(action)}"><div class="actions">${choices}</div></form>`,
  })
}

/** Something that goes on after a sign-out. */
export interface Remaining {
  /** What, in a phrase, like "Your session at Okta". */
  what: string
  /** Why, and what the person can do, in a sentence or two. */
  why: string
}

export interface SignedOutPageOptions {
  brandName: string
  /** Host of the app, where that alone was ended. */
  app?: string
  /** What was ended, one phrase each, like "Your session at Acme". */
  ended: readonly string[]
  /** What could not be ended, or was not meant to be. @default nothing */
  remaining?: readonly Remaining[]
  signInHref?: string
  /** Leads to the sign-out of what has not ended. */
  signOutHref?: string
}

/**
 * Says that a sign-out is done, what it has ended and what goes on.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function signedOutPage(options: SignedOutPageOptions): string {
  const { brandName, app, ended, remaining = [], signInHref, signOutHref } = options
  const over = ended.map((what) => markup`<bdi>${what}</bdi>`)
  const left = remaining.map(({ what, why }) => markup`<bdi>${what}</bdi><small>${why}</small>`)
  const ways = [
    ...(signInHref === undefined ? [] : [linkButton({ href: signInHref, label: 'Sign in again' })]),
    ...(signOutHref === undefined ? [] : [linkButton({ href: signOutHref, label: 'Sign out of everything' })]),
  ]
  return layout({
    title: 'Signed out',
    brandName,
    body: markup`<h1>You are signed out</h1>
${app === undefined ? undefined : markup`<p class="lead">of <strong><bdi>${app}</bdi></strong></p>`}
${
  ended.length === 0
    ? markup`<p class="lead">There was no session left to end in this browser.</p>`
    : markup`<p class="lead">What has ended in this browser:</p>${tickList(over)}`
}
${left.length === 0 ? undefined : markup`<p class="lead">What goes on:</p>${crossList(left)}`}
${ways.length === 0 ? undefined : markup`<div class="actions">${ways}</div>`}`,
  })
}
