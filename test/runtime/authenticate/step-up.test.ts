import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import type { Behaviour, Claims } from '../../support/openid-provider.ts'
import { signIn, signInLink } from '../../support/visitor.ts'
import { newcomer } from '../../support/openid-provider.ts'

let gateway: TestGateway
let honest: Behaviour
beforeAll(async () => {
  gateway = await startTestGateway({
    config: ({ routes: { admin } }) => {
      if (admin) admin.signIn = { maxAgeSeconds: 600, acr: ['urn:strong', 'urn:stronger'] }
    },
  })
  gateway.provider.behaviour.person = { ...gateway.provider.behaviour.person, groups: ['staff', 'admins'] }
  honest = { ...gateway.provider.behaviour }
})
// Somebody else each time: sign-ins of one account are limited.
beforeEach(() => {
  const person = newcomer(honest.person)
  Object.assign(gateway.provider.behaviour, honest, { person })
})
afterAll(() => gateway.close())

const seconds = () => Math.floor(Date.now() / 1_000)

/** How the provider says that people have signed in. */
function signsInAs(authentication: () => Claims): void {
  gateway.provider.behaviour.claims = (claims) => ({ ...claims, ...authentication() })
}

describe('a route that asks for a recent and strong sign-in', () => {
  it('sends who is signed in otherwise straight to the provider, with what it asks for, and back to the page', async () => {
    const { browser } = await signIn(gateway)
    signsInAs(() => ({ auth_time: seconds(), acr: 'urn:stronger' }))
    const before = gateway.provider.authorizationRequests.length
    const page = await browser.open(`${gateway.admin}/users?q=1`)
    expect(page).toMatchObject({ status: 200, text: 'app saw /users?q=1' })
    expect(gateway.provider.authorizationRequests.length).toBe(before + 1)
    const asked = gateway.provider.authorizationRequests.at(-1)
    expect(asked?.get('max_age')).toBe('600')
    expect(asked?.get('acr_values')).toBe('urn:strong urn:stronger')
    expect(asked?.has('prompt')).toBe(false)
  })

  it('asks for it at the first sign-in as well, and then no more', async () => {
    signsInAs(() => ({ auth_time: seconds(), acr: 'urn:strong' }))
    const browser = createBrowser()
    const page = await browser.open(signInLink(await browser.open(`${gateway.admin}/`)))
    expect(page.status).toBe(200)
    expect(gateway.provider.authorizationRequests.at(-1)?.get('max_age')).toBe('600')
    const before = gateway.provider.authorizationRequests.length
    expect((await browser.open(`${gateway.admin}/`, { redirects: 0 })).status).toBe(200)
    expect((await browser.open(`${gateway.hello}/`)).status).toBe(200)
    expect(gateway.provider.authorizationRequests.length).toBe(before)
  })

  it.each<[string, () => Claims]>([
    ['another class', () => ({ auth_time: seconds(), acr: 'urn:weak' })],
    ['no class', () => ({ auth_time: seconds() })],
    ['no time', () => ({ acr: 'urn:strong' })],
    ['an old sign-in', () => ({ auth_time: seconds() - 3_600, acr: 'urn:strong' })],
  ])('lets nobody in whose provider answers with %s, and does not ask for ever', async (_, authentication) => {
    const { browser } = await signIn(gateway)
    signsInAs(authentication)
    const before = gateway.upstreamRequests.length
    const requests = gateway.provider.authorizationRequests.length
    const page = await browser.open(`${gateway.admin}/`)
    expect(page.status).toBeGreaterThanOrEqual(400)
    expect(gateway.log()).toContain('"code":"step_up_failed"')
    expect(gateway.provider.authorizationRequests.length).toBe(requests + 1)
    expect(gateway.upstreamRequests.length).toBe(before)
    // What the person had, they keep.
    expect((await browser.open(`${gateway.hello}/`, { redirects: 0 })).status).toBe(200)
  })

  it('asks again of a sign-in that has become too old', async () => {
    signsInAs(() => ({ auth_time: seconds() - 598, acr: 'urn:strong' }))
    const { browser, page } = await signIn(gateway, `${gateway.admin}/`)
    expect(page.status).toBe(200)
    await gateway.reload(({ routes: { admin } }) => {
      if (admin) admin.signIn = { maxAgeSeconds: 300 }
    })
    const response = await browser.open(`${gateway.admin}/`, { redirects: 0 })
    expect(response.status).toBe(302)
    signsInAs(() => ({ auth_time: seconds() }))
    expect((await browser.open(`${gateway.admin}/`)).status).toBe(200)
    expect(gateway.provider.authorizationRequests.at(-1)?.get('max_age')).toBe('300')
  })
})

describe('a login hint', () => {
  it.each([
    ['alice@acme.example', 'alice@acme.example'],
    [' alice ', 'alice'],
    ['', null],
    ['a'.repeat(255), null],
    ['alice\u0000', null],
    ['alice\r\nx', null],
    ['\u202eecila', null],
  ])('%j is told to the provider as %j', async (hint, told) => {
    const browser = createBrowser()
    const page = await browser.open(`${gateway.login}/sign-in?login_hint=${encodeURIComponent(hint)}`)
    await browser.open(signInLink(page), { redirects: 1 })
    expect(gateway.provider.authorizationRequests.at(-1)?.get('login_hint')).toBe(told)
  })
})
