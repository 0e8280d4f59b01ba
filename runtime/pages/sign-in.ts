import { layout } from './layout.ts'
import { markup } from './markup.ts'
import { linkButton } from './parts.ts'

export interface SignInPageOptions {
  brandName: string
  /** Host that the person wants to reach. */
  destination?: string
  /** In the order in which they are offered; each `href` starts a sign-in there. */
  providers: readonly { id: string; buttonText: string; href: string }[]
  /** Why the person is here again, in a sentence. */
  notice?: string
}

/**
 * Where people choose with whom to sign in. Needs no `formAction`: the choices are links.
 * @throws TypeError when an `href` is neither a path nor an http(s) URL
 */
export function signInPage({ brandName, destination, providers, notice }: SignInPageOptions): string {
  // One way in is the obvious step; several are equals.
  const emphasis = providers.length === 1 ? 'primary' : undefined
  const choices = providers.map(
    ({ buttonText, href }) => markup`<li>${linkButton({ href, label: buttonText, emphasis })}</li>`,
  )
  return layout({
    title: 'Sign in',
    brandName,
    body: markup`<h1>Sign in</h1>
${destination === undefined ? undefined : markup`<p class="lead">to continue to <strong><bdi>${destination}</bdi></strong></p>`}
${notice === undefined ? undefined : markup`<p class="notice" role="status">${notice}</p>`}
${
  choices.length === 0
    ? markup`<p class="notice">No way to sign in is set up here. Ask your administrator.</p>`
    : markup`<ul class="actions">${choices}</ul>`
}`,
  })
}
