import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { markup, type Markup } from './markup.ts'
import { crossList, linkButton, strong, tickList } from './parts/index.ts'
import { type PageWords, pageWords } from './words/index.ts'

/** A session that was ended. */
export interface EndedSession {
  /** Name of the brand, provider or app's host. */
  at: string
  /** With those of every app behind the brand. */
  everywhere?: boolean
}

/** A session that goes on after a sign-out. */
export interface RemainingSession {
  at: string
  /** The app alone was left; or the provider has no way to end its session; or it did not answer. */
  because: 'app_alone' | 'not_offered' | 'unreachable'
}

export interface SignedOutPageOptions {
  /** Host of the app, where that alone was ended. */
  app?: string
  ended: readonly EndedSession[]
  /** What could not be ended, or was not meant to be. @default nothing */
  remaining?: readonly RemainingSession[]
  signInHref?: string
  /** Leads to the sign-out of what has not ended. */
  signOutHref?: string
}

/**
 * Says that a sign-out is done, what it has ended and what goes on.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function signedOutPage(look: Look, options: SignedOutPageOptions): PageContent {
  const { app, ended, remaining = [], signInHref, signOutHref } = options
  const words = pageWords(look.language).signedOut
  const over = ended.map(
    ({ at, everywhere = false }) =>
      markup`<bdi>${everywhere ? words.sessionAtAll(markup`${at}`) : words.sessionAt(markup`${at}`)}</bdi>`,
  )
  const left = remaining.map((session) => goesOn(session, words))
  const ways = [
    ...(signInHref === undefined ? [] : [linkButton({ href: signInHref, label: words.signIn })]),
    ...(signOutHref === undefined ? [] : [linkButton({ href: signOutHref, label: words.signOutOfAll })]),
  ]
  return {
    title: words.title,
    body: markup`<h1>${words.heading}</h1>
${app === undefined ? undefined : markup`<p class="lead">${words.app(strong(app))}</p>`}
${
  over.length === 0
    ? markup`<p class="lead">${words.nothing}</p>`
    : markup`<p class="lead">${words.ended}</p>${tickList(over)}`
}
${left.length === 0 ? undefined : markup`<p class="lead">${words.goesOn}</p>${crossList(left)}`}
${ways.length === 0 ? undefined : markup`<div class="actions">${ways}</div>`}`,
  }
}

function goesOn({ at, because }: RemainingSession, words: PageWords['signedOut']): Markup {
  const why = { app_alone: words.letsInAgain, not_offered: words.notOffered, unreachable: words.unreachable }[because]
  return markup`<bdi>${words.sessionAt(markup`${at}`)}</bdi><small>${why}</small>`
}
