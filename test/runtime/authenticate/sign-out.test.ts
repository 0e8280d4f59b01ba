import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Browser } from '../../support/browser.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import type { Behaviour } from '../../support/openid-provider.ts'
import { signIn } from '../../support/visitor.ts'
import { newcomer } from '../../support/openid-provider.ts'

let gateway: TestGateway
let honest: Behaviour
beforeAll(async () => {
  gateway = await startTestGateway({
    config: ({ identityProviders: { acme } }) => {
      if (acme) acme.name = 'Acme SSO'
    },
  })
  honest = { ...gateway.provider.behaviour }
})
// Somebody else each time: sign-ins of one account are limited.
beforeEach(() => {
  const person = newcomer(honest.person)
  Object.assign(gateway.provider.behaviour, honest, { person })
})
afterAll(() => gateway.close())

const signOutPath = '/.gatewright/sign-out'

/** Submits the form of an app's sign-out page. */
function submit(browser: Browser, body: string, redirects = 20) {
  const headers = { origin: gateway.hello, 'content-type': 'application/x-www-form-urlencoded' }
  return browser.open(gateway.hello + signOutPath, { method: 'POST', headers, body, redirects })
}

const statusAt = async (browser: Browser, url: string) => (await browser.open(url, { redirects: 0 })).status
const isSignedIn = async (browser: Browser) =>
  (await browser.open(`${gateway.login}/`, { redirects: 0 })).headers.get('location') !== '/sign-in'

describe('signing out at an app', () => {
  it('asks how far, and may lead to the login host and the provider', async () => {
    const { browser } = await signIn(gateway)
    const page = await browser.open(gateway.hello + signOutPath)
    expect(page.url).toBe(gateway.hello + signOutPath)
    expect(page.text).toContain('@acme.example')
    for (const scope of ['app', 'everything']) expect(page.text).toContain(`name="scope" value="${scope}"`)
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain(`form-action 'self' ${gateway.provider.issuer} ${gateway.login};`)
    expect(await statusAt(browser, `${gateway.hello}/`)).toBe(200)
  })

  it('of this app alone leaves the session at the login host and at other apps', async () => {
    gateway.provider.behaviour.person = { ...newcomer(honest.person), groups: ['staff', 'admins'] }
    const { browser } = await signIn(gateway)
    await browser.open(`${gateway.admin}/`)
    const page = await submit(browser, 'scope=app')
    expect(page.url).toBe(`${gateway.hello}/.gatewright/signed-out`)
    expect(page.text).toContain('Your session at hello.gw.localhost')
    expect(page.text).toContain('Your session at Acme')
    expect(await statusAt(browser, `${gateway.hello}/`)).toBe(302)
    expect(await statusAt(browser, `${gateway.admin}/`)).toBe(200)
    expect(await isSignedIn(browser)).toBe(true)
    expect((await browser.open(`${gateway.hello}/`)).text).toBe('app saw /')
  })

  it.each(['scope=everything', '', 'scope=unknown'])('with “%s” ends everything, and says so', async (body) => {
    const { browser } = await signIn(gateway)
    const page = await submit(browser, body)
    expect(new URL(page.url).origin + new URL(page.url).pathname).toBe(`${gateway.login}/signed-out`)
    expect(page.text).toContain('Your session at Acme, and at every app behind it')
    expect(page.text).toContain('Your session at Acme SSO')
    expect(page.text).not.toContain('What goes on')
    expect(await statusAt(browser, `${gateway.hello}/`)).toBe(302)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it.each(['scope=app&scope=everything', `scope=${'a'.repeat(2_000)}`])(
    'by a form like %.30s ends nothing',
    async (body) => {
      const { browser } = await signIn(gateway)
      expect((await submit(browser, body)).status).toBe(400)
      expect(await statusAt(browser, `${gateway.hello}/`)).toBe(200)
    },
  )

  it('without a session there leads to the page of the login host', async () => {
    const { browser } = await signIn(gateway)
    expect((await browser.open(gateway.admin + signOutPath)).url).toBe(`${gateway.login}/sign-out`)
  })
})

describe('the page after signing out', () => {
  const signOut = (browser: Browser) =>
    browser.open(`${gateway.login}/sign-out`, { method: 'POST', headers: { origin: gateway.login } })

  it('says that a provider without sign-out keeps its session', async () => {
    const { browser } = await signIn(gateway)
    gateway.provider.behaviour.discovery = ({ end_session_endpoint: _dropped, ...discovery }) => discovery
    await gateway.restart()
    const requests = gateway.provider.authorizationRequests.length
    const page = await signOut(browser)
    expect(page.text).toContain('What goes on')
    expect(page.text).toContain('It offers no way to end it from here.')
    expect(await isSignedIn(browser)).toBe(false)
    expect(gateway.provider.authorizationRequests.length).toBe(requests)
  })

  it('says that a provider did not answer, and the session has ended here all the same', async () => {
    const { browser } = await signIn(gateway)
    gateway.provider.behaviour.discovery = () => ({ issuer: 'http://elsewhere.localhost' })
    await gateway.restart()
    const page = await signOut(browser)
    expect(page.text).toContain('It did not answer.')
    expect(await isSignedIn(browser)).toBe(false)
    gateway.provider.behaviour.discovery = honest.discovery
    await gateway.restart()
  })

  it('claims nothing that no sign-out has told it', async () => {
    const { browser } = await signIn(gateway)
    const note = new URL((await signOut(browser)).url).searchParams.get('state') ?? ''
    expect(note).toMatch(/^k1\./)
    const changed = `${note.slice(0, -2)}${note.endsWith('AA') ? 'BB' : 'AA'}`
    for (const state of ['', 'acme', changed, note.replace('k1.', 'k2.')]) {
      const page = await browser.open(`${gateway.login}/signed-out?state=${encodeURIComponent(state)}`)
      expect(page.status).toBe(200)
      expect(page.text).toContain('There was no session left to end')
    }
  })
})
