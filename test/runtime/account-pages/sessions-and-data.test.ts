import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { formsOf, shown } from '../../support/visitor.ts'
import { type AccountStage, PASSWORD, pathOf, type Somebody, startAccountStage } from './account-stage.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'

let stage: AccountStage
beforeAll(async () => {
  stage = await startAccountStage()
})
afterAll(() => stage.close())

/** What the forms of the sessions page say that is to end. */
async function handlesOf({ browser }: Somebody): Promise<string[]> {
  const page = await stage.account(browser, '/sessions')
  return formsOf(page).flatMap(({ fields: { session } }) => (session === undefined ? [] : [session]))
}

describe('the sessions', () => {
  it('say where, when and on which device, and which one is this', async () => {
    const who = await stage.visitor()
    const named = createBrowser()
    stage.acme.behaviour.person = who.claims
    const callback = await callbackOf(named)
    await named.open(callback, { headers: { 'user-agent': FIREFOX }, redirects: 0 })
    const page = shown(await stage.account(who.browser, '/sessions'))
    expect(page).toContain('Unknown device this one Acme 127.0.0.1')
    expect(page).toMatch(/Firefox on Linux Acme 127\.0\.0\.1 \w+ \d+, 20\d\d/)
  })

  it('end one at a time, in every app', async () => {
    const [who, elsewhere] = await twice()
    const [handle = ''] = await handlesOf(who)
    const page = await stage.done(who.browser, '/sessions/end', { session: handle })
    expect(shown(page)).toContain('That device is signed out.')
    expect(new URL((await elsewhere.browser.open(`${stage.gateway.hello}/`)).url).pathname).toBe('/sign-in')
    expect((await who.browser.open(`${stage.gateway.hello}/`)).status).toBe(200)
    expect((await stage.account(who.browser, '/sessions/end', { session: handle })).status).toBe(409)
    const { events } = await stage.exported(who.browser)
    expect(events.filter(({ action }) => action === 'sessions.ended')).toHaveLength(1)
  })

  it('end all but this one, and tell by mail', async () => {
    const [who, elsewhere] = await twice()
    await stage.visitor(who)
    const page = await stage.done(who.browser, '/sessions/end-others', {})
    expect(shown(page)).toContain('All other devices are signed out.')
    expect(await handlesOf(who)).toEqual([])
    expect((await stage.account(elsewhere.browser, '')).status).toBe(303)
    await stage.mail.waitFor(who.email, 'security_notice')
  })

  it('of another person do not end', async () => {
    const [who] = await twice()
    const [handle = ''] = await handlesOf(who)
    const mallory = await stage.visitor()
    expect((await stage.account(mallory.browser, '/sessions/end', { session: handle })).status).toBe(409)
    expect(await handlesOf(who)).toEqual([handle])
  })
})

describe('a form from elsewhere', () => {
  const FORMS: readonly (readonly [path: string, form: Record<string, string>])[] = [
    ['/profile', { name: 'Mallory' }],
    ['/profile/reset', { field: 'name' }],
    ['/security/password', { next: PASSWORD }],
    ['/security/password/remove', {}],
    ['/security/new-passkey', {}],
    ['/security/connect', { provider: 'globex' }],
    ['/sessions/end', {}],
    ['/sessions/end-others', {}],
    ['/data/export', {}],
    ['/data/delete', {}],
  ]

  let who: Somebody
  let elsewhere: Somebody
  let connected: string
  beforeAll(async () => {
    ;[who, elsewhere] = await twice()
    connected = pathOf(await stage.account(who.browser, '/security'), '/security/connected/')
  })

  it.each([...FORMS, ['/security/connected', {}] as const])(
    'to /account%s is refused, and nothing happens',
    async (path, form) => {
      const before = await stage.exported(who.browser)
      const { login, hello } = stage.gateway
      for (const origin of [hello, `${login}.example`, 'null']) {
        const way = path === '/security/connected' ? connected : path
        const page = await stage.account(who.browser, way, { phrase: who.email, ...form }, origin)
        expect(page.status, origin).toBe(403)
      }
      const { account, identities, sessions } = await stage.exported(who.browser)
      expect({ account, identities }).toEqual({ account: before.account, identities: before.identities })
      expect(sessions).toHaveLength(2)
      expect((await stage.account(elsewhere.browser, '')).status).toBe(200)
    },
  )

  it('is refused before anybody is looked for, so that it tells nothing about them', async () => {
    const page = await stage.account(createBrowser(), '/data/delete', {}, stage.gateway.hello)
    expect(page.status).toBe(403)
    expect(stage.gateway.log()).toContain('"code":"origin_mismatch"')
  })
})

describe('the data of a person', () => {
  it('are a file with all that is kept, and no secret', async () => {
    const [who] = await twice()
    await stage.done(who.browser, '/security/password', { next: PASSWORD })
    const file = await stage.account(who.browser, '/data/export', {})
    expect(file.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="default-account-20\d\d-\d\d-\d\d\.json"$/,
    )
    expect(file.headers.get('cache-control')).toBe('no-store')
    expect(file.text).not.toContain('argon2')
    const { account, identities, events } = await stage.exported(who.browser)
    expect(account).toMatchObject({ email: who.email, hasPassword: true })
    expect(identities).toMatchObject([{ identityProvider: 'acme', email: who.email }])
    expect(events.map(({ action }) => action)).toContain('account.exported')
    expect(events[0]?.address).toBe('127.0.0.1')
  })

  it('are deleted once the address is typed, with every session', async () => {
    const [who, elsewhere] = await twice()
    expect(shown(await stage.account(who.browser, '/data/delete'))).toContain(`To confirm, type ${who.email}`)
    for (const phrase of ['', 'delete', `x${who.email}`]) {
      const page = await stage.account(who.browser, '/data/delete', { phrase })
      expect(page.status).toBe(422)
      expect(shown(page)).toContain('Nothing was deleted.')
    }
    expect((await stage.account(elsewhere.browser, '')).status).toBe(200)
    const page = await stage.account(who.browser, '/data/delete', { phrase: ` ${who.email.toUpperCase()}` })
    expect(shown(page)).toContain('Your account is deleted')
    expect(page.headers.get('set-cookie')).toMatch(/__Host-gatewright[^=]*=;.*Max-Age=0/)
    for (const { browser } of [who, elsewhere]) {
      expect((await stage.account(browser, '')).status).toBe(303)
      expect(new URL((await browser.open(`${stage.gateway.hello}/`)).url).pathname).toBe('/sign-in')
    }
    const again = await stage.exported((await stage.visitor(who)).browser)
    expect(again.events.map(({ action }) => action)).toContain('account.created')
  })

  it('of somebody without an address are deleted by a word in their language', async () => {
    const who = await stage.visitor({ claims: { sub: 'nameless', name: 'Nameless', groups: ['staff'] } })
    expect(shown(await stage.account(who.browser, '/data/delete?lang=de'))).toContain('löschen eingeben')
    const page = await stage.account(who.browser, '/data/delete', { phrase: 'Löschen' })
    expect(shown(page)).toContain('Ihr Konto ist gelöscht')
  })
})

/** The same person, signed in with two browsers. */
async function twice(): Promise<[Somebody, Somebody]> {
  const who = await stage.visitor()
  return [who, await stage.visitor(who)]
}

/** Where the provider sends a browser that begins to sign in. */
async function callbackOf(browser: Somebody['browser']): Promise<string> {
  const page = await browser.open(`${stage.gateway.login}/sign-in/acme`, { redirects: 1 })
  return page.headers.get('location') ?? ''
}
