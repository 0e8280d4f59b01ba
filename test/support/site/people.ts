import { type Browser, createBrowser, type Page } from '../browser.ts'
import { linkTo, shown } from '../visitor.ts'

/** How somebody is to sign in. */
export interface SignIn {
  /** A page of an app. */
  url: string
  /** Id of the provider in the stack file. */
  provider: string
  /** As the provider's page names them: `Alice Archer`. */
  person: string
  /** Trusted, in PEM. */
  ca: string
  browser?: Browser
}

/**
 * Signs in from nothing, by the page of the brand and that of the emulated provider.
 * @returns the browser, and the page that was shown in the end
 */
export async function signInBy({ url, provider, person, ca, browser = createBrowser(ca) }: SignIn) {
  const door = await browser.open(url)
  const people = await browser.open(linkTo(door, `/sign-in/${provider}`))
  return { browser, page: await browser.open(linkOf(people, person)) }
}

function linkOf(page: Page, person: string): string {
  const [, link] = new RegExp(`href="([^"]*)">${person}`).exec(page.text) ?? []
  if (link === undefined) throw new Error(`${page.url} does not offer ${person} (${page.status}): ${shown(page)}`)
  return new URL(link.replaceAll('&amp;', '&'), page.url).href
}
