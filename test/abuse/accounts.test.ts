import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser, type Browser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { type Behaviour, type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts'
import { freePorts } from '../support/ports.ts'

/** Two providers at one gateway: `acme`, which the stack trusts with staff, and `other`, which anybody may use. */
let gateway: TestGateway
let other: OpenIdProvider
let honest: Behaviour
beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  other = await startOpenIdProvider(port, { person: { sub: 'alice', name: 'Alice', groups: ['staff'] } })
  gateway = await startTestGateway({
    config: (config) => {
      const { acme } = config.identityProviders
      if (!acme) throw new Error('no acme')
      config.identityProviders['other'] = { ...structuredClone(acme), name: 'Other', issuer: other.issuer }
      config.registrations['other'] = structuredClone(config.registrations['acme'] ?? [])
      config.brands['default']?.identityProviders.push('other')
      for (const route of Object.values(config.routes)) route.identityProviders.push('other')
      Object.assign(config.routes['admin'] ?? {}, { access: { allow: 'user.email == "victim@acme.example"' } })
    },
  })
  honest = { ...other.behaviour }
})
afterEach(() => Object.assign(other.behaviour, honest))
afterAll(() => Promise.all([gateway.close(), other.close()]))

async function signInAt(provider: 'acme' | 'other', url: string): Promise<{ browser: Browser; status: number }> {
  const browser = createBrowser()
  const chooser = await browser.open(url)
  const link = new RegExp(`href="(/sign-in/${provider}[^"]*)"`).exec(chooser.text)?.[1]?.replaceAll('&amp;', '&')
  const { status } = await browser.open(new URL(link ?? '/missing', chooser.url).href)
  return { browser, status }
}

/** Who the app was told is there, at the last request. */
function lastSubject(): unknown {
  return decodeJwt(String(gateway.upstreamRequests.at(-1)?.headers['x-gatewright-assertion'])).sub
}

describe('27: the same subject at two providers', () => {
  it('is two people, also to whatever is cached', async () => {
    const atAcme = await signInAt('acme', `${gateway.hello}/`)
    const first = lastSubject()
    const atOther = await signInAt('other', `${gateway.hello}/`)
    const second = lastSubject()
    expect([atAcme.status, atOther.status]).toEqual([200, 200])
    expect(second).not.toBe(first)
    for (const [{ browser }, subject] of [
      [atAcme, first],
      [atOther, second],
      [atAcme, first],
    ] as const) {
      await browser.open(`${gateway.hello}/`)
      expect(lastSubject()).toBe(subject)
    }
  })
})

describe('34, 35, 36: an address that another provider’s person has', () => {
  it.each<[string, Record<string, unknown>]>([
    ['34: from a foreign tenant, without a word on its verification', { email: 'victim@acme.example' }],
    ['34: verified by the tenant’s word for its domain alone', { email: 'victim@acme.example', xms_edov: true }],
    ['35: not verified', { email: 'victim@acme.example', email_verified: false }],
    ['35: verified as a text', { email: 'victim@acme.example', email_verified: 'true' }],
    ['35: verified as a number', { email: 'victim@acme.example', email_verified: 1 }],
    ['35: as one of a list', { email: ['victim@acme.example'], email_verified: true }],
  ])('%s: opens nothing that the address opens', async (_, claims) => {
    other.behaviour.person = { sub: 'mallory', name: 'Mallory', groups: ['staff'], ...claims }
    const before = gateway.upstreamRequests.length
    const { status } = await signInAt('other', `${gateway.admin}/`)
    expect(status).toBe(403)
    expect(gateway.upstreamRequests.length).toBe(before)
  })

  it('36: registered before the victim came joins nobody: the victim is asked to sign in to that account first', async () => {
    const address = { email: 'victim@acme.example', email_verified: true }
    other.behaviour.person = { sub: 'mallory', name: 'Mallory', groups: ['staff'], ...address }
    await signInAt('other', `${gateway.hello}/`)
    const mallory = lastSubject()
    gateway.provider.behaviour.person = { ...gateway.provider.behaviour.person, sub: 'victim', ...address }
    const before = gateway.upstreamRequests.length
    const victim = await signInAt('acme', `${gateway.hello}/`)
    expect(gateway.upstreamRequests.length).toBe(before)
    await victim.browser.open(`${gateway.hello}/`)
    expect(gateway.upstreamRequests.length).toBe(before)
    expect(lastSubject()).toBe(mallory)
  })

  it('35: inside the domains of another provider opens nothing where its own has domains', async () => {
    await gateway.reload(({ identityProviders }) => {
      if (identityProviders['other']) identityProviders['other'].allowedDomains = ['other.example']
    })
    other.behaviour.person = { sub: 'mallory', name: 'Mallory', email: 'victim@acme.example', email_verified: true }
    expect((await signInAt('other', `${gateway.admin}/`)).status).toBe(403)
    await gateway.reload(() => undefined)
  })
})
