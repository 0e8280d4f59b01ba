import type { PageContent } from './layout.ts'
import type { Look } from './look.ts'
import { markup } from './markup.ts'
import { linkButton, plain, strong } from './parts/index.ts'
import { pageWords } from './words/index.ts'

export interface HomePageOptions {
  /** Who is signed in: email address or name. */
  person: string
  accountHref: string
  /** Left out for people who may not administer. */
  adminHref?: string
  signOutHref: string
}

/**
 * The login host's front page for someone who is signed in.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function homePage(look: Look, { person, accountHref, adminHref, signOutHref }: HomePageOptions): PageContent {
  const words = pageWords(look.language).home
  return {
    title: words.title,
    body: markup`<h1>${words.heading}</h1>
<p class="lead">${words.person(strong(person))}</p>
<p>${words.go(plain(look.brandName))}</p>
<div class="actions">${linkButton({ href: accountHref, label: words.account })}${
      adminHref === undefined ? undefined : linkButton({ href: adminHref, label: words.administration })
    }${linkButton({ href: signOutHref, label: words.signOut })}</div>`,
  }
}
