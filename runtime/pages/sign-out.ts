import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { address, markup } from './markup.ts'
import { plain, strong } from './parts/index.ts'
import { pageWords } from './words/index.ts'

/** The field of the sign-out form that says how much is to end, and its values. */
export const SIGN_OUT_SCOPE = { field: 'scope', app: 'app', everything: 'everything' } as const

export interface SignOutPageOptions {
  /** Who is signed in: email address or name. */
  person?: string
  /**
   * Host of the app where the question is asked: there, the form says how much (see `SIGN_OUT_SCOPE`).
   * @default the question is about everything, and no `scope` is sent
   */
  app?: string
  /** Where the form posts to; name its origin, and those it redirects to, in the answer's `formAction`. */
  action: string
}

/**
 * Asks whether to sign out. The step itself is a POST, so that no foreign link or image can take it.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function signOutPage(look: Look, { person, app, action }: SignOutPageOptions): PageContent {
  const { field, app: only, everything } = SIGN_OUT_SCOPE
  const words = pageWords(look.language).signOut
  const brand = plain(look.brandName)
  const choices =
    app === undefined
      ? markup`<button class="button primary" type="submit">${words.confirm}</button>`
      : markup`<button class="button primary" type="submit" name="${field}" value="${everything}">${words.everything}</button>
<button class="button" type="submit" name="${field}" value="${only}">${words.onlyApp}</button>`
  return {
    title: words.title,
    body: markup`<h1>${app === undefined ? words.headingOf(brand) : words.heading}</h1>
${app === undefined ? undefined : markup`<p class="lead">${words.app(strong(app))}</p>`}
${person === undefined ? undefined : markup`<p class="lead">${words.person(strong(person))}</p>`}
<p class="lead">${app === undefined ? words.endsAll(brand) : words.endsEither(brand)}</p>
<form method="post" action="${address(action)}"><div class="actions">${choices}</div></form>`,
  }
}
