import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { shown } from '../../support/visitor.ts'
import { type AccountStage, PASSWORD, pathOf, type Somebody, startAccountStage } from './account-stage.ts'

let stage: AccountStage
beforeAll(async () => {
  stage = await startAccountStage()
})
afterAll(() => stage.close())

/** Somebody with both providers connected. */
async function withBoth(): Promise<Somebody & { acme: string; globex: string }> {
  const who = await stage.visitor()
  const page = await stage.connectGlobex(who)
  const rows = page.text.split('<tr role="row">')
  const wayOf = (provider: string) => {
    const row = rows.find((one) => one.includes('"rowheader"') && one.includes(`<bdi>${provider}</bdi>`)) ?? ''
    return pathOf({ ...page, text: row }, '/security/connected/', '/disconnect')
  }
  return { ...who, acme: wayOf('Acme'), globex: wayOf('Globex') }
}

async function providersOf({ browser }: Somebody): Promise<string[]> {
  const { identities } = await stage.exported(browser)
  return identities.map(({ identityProvider }) => String(identityProvider)).toSorted((a, b) => (a < b ? -1 : 1))
}

describe('connecting an account', () => {
  it('sends to the provider and back, says what is new, and lets it sign in from then on', async () => {
    const who = await stage.visitor()
    const before = await stage.account(who.browser, '/security')
    expect(shown(before)).toContain('Connect Globex')
    expect(shown(before)).not.toContain('Connect Acme')
    const page = await stage.connectGlobex(who, 'carol')
    expect(page.url).toBe(`${stage.gateway.login}/account/security?connected=globex`)
    expect(shown(page)).toContain('Globex is connected.')
    expect(shown(page)).toMatch(/Globex new carol@globex\.example/)
    expect(shown(page)).not.toContain('Connect Globex')
    expect(stage.globex.authorizationRequests.at(-1)?.get('prompt')).toBe('login')
    const mail = await stage.mail.waitFor(who.email, 'security_notice')
    expect(mail.text).toContain('Globex')
    const { page: app } = await stage.signInBy('globex', { ...stage.globex.behaviour.person })
    expect(app.url).toBe(`${stage.gateway.hello}/`)
    const { events, account } = await stage.exported(who.browser)
    expect(events.map(({ action }) => action)).toContain('identity.linked')
    expect(account).toMatchObject({ email: who.email })
  })

  it('gives the session a new id: the old one is nobody’s, here and at the apps', async () => {
    const who = await stage.visitor()
    const known = createBrowser()
    const cookies = [stage.gateway.login, stage.gateway.hello].map(async (origin) => {
      for (const cookie of await who.browser.jar.getCookies(origin))
        await known.jar.setCookie(cookie.toString(), origin)
    })
    await Promise.all(cookies)
    expect((await known.open(`${stage.gateway.hello}/`, { redirects: 0 })).status).toBe(200)
    await stage.connectGlobex(who)
    expect((await known.open(`${stage.gateway.login}/account`, { redirects: 0 })).status).toBe(303)
    expect((await known.open(`${stage.gateway.hello}/`, { redirects: 0 })).status).not.toBe(200)
    expect((await who.browser.open(`${stage.gateway.hello}/`)).url).toBe(`${stage.gateway.hello}/`)
  })

  it('is refused to a sign-in that is not recent: the person is asked once more, and comes back', async () => {
    const who = await stage.visitor(undefined, 3_600)
    const requests = stage.globex.authorizationRequests.length
    const page = await stage.account(who.browser, '/security/connect', { provider: 'globex' })
    expect(page.status).toBe(403)
    expect(page.text).toContain('/sign-in?next=%2Faccount%2Fsecurity&amp;fresh=1')
    expect(stage.globex.authorizationRequests.length).toBe(requests)
    const back = await who.browser.open(`${stage.gateway.login}/sign-in?next=%2Faccount%2Fsecurity&fresh=1`)
    expect(back.url).toBe(`${stage.gateway.login}/account/security`)
    expect(stage.acme.authorizationRequests.at(-1)?.get('prompt')).toBe('login')
    expect((await stage.connectGlobex(who)).url).toContain('connected=globex')
  })

  it('is refused where it is another account’s, without telling whose', async () => {
    const first = await stage.visitor()
    await stage.connectGlobex(first, 'dave')
    const second = await stage.visitor()
    const page = await stage.connectGlobex(second, 'dave')
    expect(page.status).toBe(409)
    expect(page.text).not.toContain(first.email)
    expect(await providersOf(second)).toEqual(['acme'])
  })

  it('is refused for a provider that the brand does not have, or has disabled', async () => {
    const who = await stage.visitor()
    expect((await stage.account(who.browser, '/security/connect', { provider: 'other' })).status).toBe(404)
    await stage.gateway.reload(({ identityProviders: { globex } }) => {
      if (globex) globex.enabled = false
    })
    expect(shown(await stage.account(who.browser, '/security'))).not.toContain('Connect Globex')
    expect((await stage.account(who.browser, '/security/connect', { provider: 'globex' })).status).toBe(404)
    await stage.gateway.reload(() => undefined)
  })

  it('is not said to have happened where only an address says so', async () => {
    const who = await stage.visitor()
    const page = await stage.account(who.browser, '/security?connected=globex&done=<b>')
    expect(shown(page)).not.toContain('is connected')
    expect(page.text).not.toContain('role="status"')
  })
})

describe('disconnecting an account', () => {
  it('asks first, takes it away, tells by mail, and ends all other sessions', async () => {
    const who = await withBoth()
    await stage.mail.waitFor(who.email, 'security_notice')
    const elsewhere = await stage.visitor(who)
    expect(shown(await stage.account(who.browser, who.globex))).toMatch(/Disconnect Globex ?\?/)
    expect(await providersOf(who)).toEqual(['acme', 'globex'])
    const page = await stage.done(who.browser, who.globex, {})
    expect(shown(page)).toContain('The account is disconnected.')
    expect(await providersOf(who)).toEqual(['acme'])
    expect((await stage.mail.waitFor(who.email, 'security_notice')).text).toContain('Globex was disconnected')
    expect((await stage.account(elsewhere.browser, '/security')).status).toBe(303)
    expect((await stage.account(who.browser, who.globex, {})).status).toBe(404)
  })

  it('is refused where it is the only way in, and says what to do', async () => {
    const who = await stage.visitor()
    const path = pathOf(await stage.account(who.browser, '/security'), '/security/connected/')
    for (const page of [await stage.account(who.browser, path), await stage.account(who.browser, path, {})]) {
      expect(shown(page)).toContain('Without Acme you could not sign in any more')
      expect(shown(page)).toContain('Set a password Add a passkey Connect another account')
    }
    expect((await stage.account(who.browser, path, {})).status).toBe(409)
    expect(await providersOf(who)).toEqual(['acme'])
    await stage.done(who.browser, '/security/password', { next: PASSWORD })
    await stage.done(who.browser, path, {})
    expect(await providersOf(who)).toEqual([])
  })

  it('takes one of two away when two tabs disconnect both at once', async () => {
    const who = await withBoth()
    const answers = await Promise.all([
      stage.account(who.browser, who.acme, {}),
      stage.account(who.browser, who.globex, {}),
    ])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]))
    expect(await providersOf(who)).toHaveLength(1)
    const { events } = await stage.exported(who.browser)
    expect(events.filter(({ action }) => action === 'identity.unlinked')).toHaveLength(1)
  })

  it('is refused where the other provider is disabled, and the page says that it does not work', async () => {
    const who = await withBoth()
    await stage.gateway.reload(({ identityProviders: { globex } }) => {
      if (globex) globex.enabled = false
    })
    expect(shown(await stage.account(who.browser, '/security'))).toContain('Globex does not work at present')
    expect((await stage.account(who.browser, who.acme, {})).status).toBe(409)
    expect(await providersOf(who)).toEqual(['acme', 'globex'])
    // What does not work may always go.
    await stage.done(who.browser, who.globex, {})
    expect(await providersOf(who)).toEqual(['acme'])
    await stage.gateway.reload(() => undefined)
  })

  it('finds nothing by another person’s handle', async () => {
    const who = await withBoth()
    const mallory = await stage.visitor()
    await stage.connectGlobex(mallory)
    for (const path of [who.acme, who.globex]) {
      expect((await stage.account(mallory.browser, path)).status).toBe(404)
      expect((await stage.account(mallory.browser, path, {})).status).toBe(404)
    }
    expect(await providersOf(who)).toEqual(['acme', 'globex'])
  })
})
