import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Browser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import type { Behaviour } from '../../support/openid-provider.ts'
import { signIn } from '../../support/visitor.ts'
import { newcomer } from '../../support/openid-provider.ts'

let gateway: TestGateway
let honest: Behaviour
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  gateway = await startTestGateway({ provider: { accessSeconds: 300 } })
  honest = { ...gateway.provider.behaviour }
})
beforeEach(() => {
  const person = newcomer(honest.person)
  Object.assign(gateway.provider.behaviour, honest, { person })
})
afterAll(async () => {
  vi.useRealTimers()
  await gateway.close()
})

/** Someone of staff and not of admins, four minutes after they have signed in: their tokens are about to end. */
async function whoIsDue() {
  const { browser } = await signIn(gateway)
  expect(await statusOf(browser)).toBe(200)
  expect((await browser.open(`${gateway.admin}/`)).status).toBe(403)
  vi.setSystemTime(Date.now() + 250_000)
  return browser
}

const statusOf = async (browser: Browser, url = gateway.hello) =>
  (await browser.open(`${url}/`, { redirects: 0 })).status

/** Visits until the provider was asked, and what came of it shows. */
const expectStatus = async (browser: Browser, status: number) => {
  await expect.poll(() => statusOf(browser), { timeout: 5_000, interval: 5 }).toBe(status)
}

const refreshes = () =>
  gateway.provider.tokenRequests.filter((form) => form.get('grant_type') === 'refresh_token').length

describe('a person who is signed in', () => {
  it('is denied at the next request after the provider took their group away, and let in where it gave one', async () => {
    const browser = await whoIsDue()
    const { person } = gateway.provider.behaviour
    gateway.provider.behaviour.person = { ...person, groups: ['admins'] }
    await expectStatus(browser, 403)
    expect(await statusOf(browser, gateway.admin)).toBe(200)
  })

  it('is signed out at every app when the provider has ended the grant', async () => {
    const browser = await whoIsDue()
    gateway.provider.behaviour.refresh = () => ({ status: 400, json: { error: 'invalid_grant' } })
    await expectStatus(browser, 302)
    expect((await browser.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location')).toBe('/sign-in')
    const before = gateway.upstreamRequests.length
    expect(await statusOf(browser)).toBe(302)
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it.each<[string, Behaviour['refresh']]>([
    ['is overloaded', () => ({ status: 503, json: {} })],
    ['asks for patience', () => ({ status: 429, json: { error: 'slow_down' } })],
    ['does not take our client', () => ({ status: 401, json: { error: 'invalid_client' } })],
    ['answers with somebody else', (answer) => ({ json: { ...answer, id_token: 'not.a.token' } })],
  ])('stays so while the provider %s', async (_, refresh) => {
    const browser = await whoIsDue()
    gateway.provider.behaviour.refresh = refresh
    const before = refreshes()
    await expect
      .poll(
        async () => {
          expect(await statusOf(browser)).toBe(200)
          return refreshes()
        },
        { timeout: 5_000, interval: 5 },
      )
      .toBeGreaterThan(before)
    const asked = refreshes()
    for (let visit = 0; visit < 5; visit += 1) expect(await statusOf(browser)).toBe(200)
    // It is left in peace for a while.
    expect(refreshes()).toBe(asked)
  })
})
