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

/** A form of a page, with what it carries along unseen. */
interface Form {
  action: string
  fields: Record<string, string>
  /** What an authenticator is asked for, where it is for a passkey. */
  passkey: string | undefined
}

/** The forms of a page that are sent by POST. */
export function formsOf(page: Page): Form[] {
  return [...page.text.matchAll(/<form method="post" ([^>]*)>(.*?)<\/form>/gs)].map(
    ([, attributes = '', body = '']) => ({
      action: new URL(attributeOf(attributes, 'action') ?? '', page.url).href,
      fields: Object.fromEntries(
        [...body.matchAll(/<input ([^>]*)>/g)].map(([, input = '']) => [
          attributeOf(input, 'name') ?? '',
          attributeOf(input, 'value') ?? '',
        ]),
      ),
      passkey: attributeOf(attributes, 'data-passkey'),
    }),
  )
}

/**
 * Fills in a page's form and sends it, as a browser does, and goes on where its answer goes on by itself.
 * @param to how the path of the form's action begins
 */
export async function submit(
  browser: Browser,
  page: Page,
  to: string,
  fill: Record<string, string> = {},
): Promise<Page> {
  const form = formsOf(page).find(({ action }) => new URL(action).pathname.startsWith(to))
  if (!form) throw new Error(`no form leads to ${to} at ${page.url} (${page.status}): ${shown(page)}`)
  const answer = await browser.open(form.action, {
    method: 'POST',
    headers: { origin: new URL(page.url).origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form.fields, ...fill }).toString(),
  })
  return goOn(browser, answer)
}

/** Goes on where a page goes on by itself. */
export async function goOn(browser: Browser, page: Page): Promise<Page> {
  const next = /^0; url=(.+)$/.exec(page.headers.get('refresh') ?? '')?.[1]
  return next === undefined ? page : goOn(browser, await browser.open(new URL(next, page.url).href))
}

/** The first link of a page whose address begins like this. @throws Error when there is none */
export function linkTo(page: Page, begins: string): string {
  const links = [...page.text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => unescape(href))
  const found = links.find((href) => href.startsWith(begins))
  if (found === undefined)
    throw new Error(`no link begins with ${begins} at ${page.url} (${page.status}): ${shown(page)}`)
  return new URL(found, page.url).href
}

/** What a page says, without what it looks like. */
export function shown({ text }: Page): string {
  const body = /<main[^>]*>(.*)<\/main>/s.exec(text)?.[1] ?? text
  return unescape(body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')).trim()
}

function attributeOf(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1]
  return found === undefined ? undefined : unescape(found)
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
