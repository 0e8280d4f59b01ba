import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type Browser, createBrowser } from '../support/browser.ts'
import { type FailingDisk, mountFailingDisk } from '../support/failing-disk.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { signIn, signInLink } from '../support/visitor.ts'

let gateway: TestGateway
let disk: FailingDisk
beforeEach(async () => {
  gateway = await startTestGateway()
  disk = await mountFailingDisk(gateway.dataFolder)
  await gateway.restart()
})
afterEach(async () => {
  await disk.remove()
  await gateway.close()
})

/** Every sign-in writes some rows: one of these meets a full disk whatever room the write-ahead log has left. */
const MORE_THAN_FIT = 200

/** Signs people in until one is refused. */
async function signInUntilRefused() {
  const acknowledged: Browser[] = []
  for (let count = 0; count < MORE_THAN_FIT; count += 1) {
    const browser = createBrowser()
    const first = await browser.open(`${gateway.hello}/`)
    const page = first.status === 503 ? first : await browser.open(signInLink(first))
    if (page.status !== 200) return { acknowledged, page }
    acknowledged.push(browser)
  }
  throw new Error('nobody was refused')
}

async function statuses(browsers: readonly Browser[]): Promise<number[]> {
  const pages = await Promise.all(browsers.map((browser) => browser.open(`${gateway.hello}/`, { redirects: 0 })))
  return [...new Set(pages.map(({ status }) => status))]
}

const lines = (text: string) =>
  gateway
    .log()
    .split('\n')
    .filter((line) => line.includes(text))
const metrics = async () => (await fetch(gateway.readyUrl.replace('readyz', 'metrics'))).text()

describe('a disk that is full', () => {
  it('refuses who would sign in, keeps who is signed in, and loses nobody', async () => {
    const { browser } = await signIn(gateway)
    await disk.fill()
    const { acknowledged, page } = await signInUntilRefused()
    expect(page.status).toBe(503)
    expect(page.text).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(page.text).not.toMatch(/sqlite|disk|room/i)
    const refused = await Promise.all([1, 2, 3].map(() => createBrowser().open(`${gateway.login}/sign-in/acme`)))
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503])
    expect(await statuses([browser, ...acknowledged])).toEqual([200])

    expect(lines('The store cannot be written')).toHaveLength(1)
    expect(lines('The store cannot be written')[0]).toContain('"code":"store_full"')
    expect(await metrics()).toContain('gatewright_store_able{ability="write"} 0')
    expect(await metrics()).toContain('gatewright_store_able{ability="read"} 1')
    expect((await fetch(gateway.readyUrl)).status).toBe(200)

    await disk.makeRoom()
    const later = await signIn(gateway)
    expect(later.page.status).toBe(200)
    await gateway.restart()
    expect(await statuses([browser, ...acknowledged, later.browser])).toEqual([200])
  })
})

describe('a disk that can only be read any more', () => {
  it('refuses who would sign in, and keeps who is signed in', async () => {
    const { browser } = await signIn(gateway)
    await disk.abort()
    const page = await createBrowser().open(`${gateway.login}/sign-in/acme`)
    expect(page.status).toBe(503)
    expect(await statuses([browser])).toEqual([200])
    expect(lines('The store cannot be written')).toHaveLength(1)
    expect(await metrics()).toContain('gatewright_store_able{ability="write"} 0')
  })
})
