import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

import type { RuntimeConfig } from '../../runtime/config.ts'
import { type AccountsStage, startAccountsStage } from '../runtime/authenticate/accounts-stage.ts'
import { launchChromium, LOOKS } from '../support/chromium.ts'
import type { Claims } from '../support/openid-provider.ts'

/** A password that nobody else would try. */
export const PASSWORD = 'seven green lamps by the river'

/** A gateway with two identity providers, accounts, mail, and people with real browsers. */
export interface BrowserStage extends AccountsStage {
  /**
   * A tab of somebody new, closed after the test, which fails where a page asked a stranger for anything, broke its own policy
   * or threw.
   */
  newVisitor(options?: BrowserContextOptions): Promise<Page>
  /** Makes a provider say that somebody is signed in there, a moment ago. */
  becomes(provider: 'acme' | 'globex', person: Claims): void
  /** Opens an app and follows the button of a provider. @param url default: the app `hello` */
  enterBy(page: Page, provider: 'acme' | 'globex', person: Claims, url?: string): Promise<void>
  /** Who the app was last told is there. */
  told(): Record<string, unknown>
}

/** Starts one; close it in `afterAll`. */
export async function startBrowserStage(change?: (config: RuntimeConfig) => void): Promise<BrowserStage> {
  const [stage, chromium] = await Promise.all([startAccountsStage(change), launchChromium()])
  const { gateway, acme, globex } = stage
  const home = `${gateway.hello}/`
  const buttons = { acme: 'Login with Acme', globex: 'Login with Globex' }
  const known = [gateway.login, acme.issuer, globex.issuer].map((origin) => new URL(origin).port)
  const becomes: BrowserStage['becomes'] = (provider, person) => {
    const { behaviour } = provider === 'acme' ? acme : globex
    behaviour.person = person
    behaviour.claims = (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1_000) })
  }
  return {
    ...stage,
    becomes,
    newVisitor: (options) => newVisitor(chromium, known, options),
    async enterBy(page, provider, person, url = home) {
      becomes(provider, person)
      await page.goto(url)
      await page.getByRole('link', { name: buttons[provider] }).click()
    },
    told() {
      const requests = gateway.upstreamRequests.map(({ headers }) => headers['x-gatewright-assertion'])
      const token = String(requests.findLast((value) => value !== undefined))
      return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    },
    async close() {
      await chromium.close()
      await stage.close()
    },
  }
}

/** Waits until the app itself answers. @param url default: the app `hello` */
export async function expectArrival({ gateway }: AccountsStage, page: Page, url = `${gateway.hello}/`): Promise<void> {
  await page.waitForURL(url)
  const { pathname, search } = new URL(url)
  expect(await page.textContent('body')).toBe(`app saw ${pathname}${search}`)
}

/** Waits for a page of ours with this heading. */
export async function expectHeading(page: Page, name: string): Promise<void> {
  const heading = page.getByRole('heading', { name, level: 1 })
  await heading.waitFor()
  expect(await heading.count()).toBe(1)
}

async function newVisitor(chromium: Browser, ports: readonly string[], options?: BrowserContextOptions): Promise<Page> {
  const context = await chromium.newContext({ ...LOOKS.desk, ...options })
  const complaints = listen(context, ports)
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  return context.newPage()
}

/** @param ports of the programs of this test, all at hosts below `gw.localhost` */
function listen(context: BrowserContext, ports: readonly string[]): string[] {
  const complaints: string[] = []
  context.on('request', (request) => {
    const { protocol, hostname, port } = new URL(request.url())
    const isOurs = hostname.endsWith('.gw.localhost') && ports.includes(port)
    if (protocol !== 'data:' && !isOurs) complaints.push(`asked ${request.url()}`)
  })
  context.on('console', (message) => {
    // That a refusal has its status is no complaint.
    if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text())) complaints.push(message.text())
  })
  context.on('weberror', (thrown) => complaints.push(thrown.error().message))
  return complaints
}
