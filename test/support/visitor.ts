import { type Browser, createBrowser, type Page } from './browser.ts'
import type { TestGateway } from './gateway.ts'

/** The address that a page's sign-in button leads to. @throws Error when it offers none */
export function signInLink(page: Page): string {
  const link = /href="(\/sign-in\/[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
  if (!link) throw new Error(`no provider is offered at ${page.url} (${page.status}): ${page.text.slice(0, 400)}`)
  return new URL(link, page.url).href
}

/** Opens a page of an app without a session, and stops where the provider sends the browser back to the gateway. */
export async function comeBackFromProvider(browser: Browser, url: string): Promise<string> {
  const page = await browser.open(signInLink(await browser.open(url)), { redirects: 1 })
  return page.headers.get('location') ?? ''
}

/** Opens a page of an app and goes through sign-in to its end. */
export async function signIn(gateway: TestGateway, url = `${gateway.hello}/`, browser = createBrowser()) {
  const signInPage = await browser.open(url)
  return { browser, signInPage, page: await browser.open(signInLink(signInPage)) }
}
