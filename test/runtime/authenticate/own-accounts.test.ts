import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createAuthenticator } from '../../support/authenticator.ts'
import { createBrowser, type Page } from '../../support/browser.ts'
import { formsOf, linkTo, shown, submit } from '../../support/visitor.ts'
import { type AccountsStage, linkIn, person, startAccountsStage } from './accounts-stage.ts'

const PASSWORD = 'seven green lamps by the river'
const NAMES = ['anna', 'berta', 'mallory', 'olga', 'clara', 'doris', 'emma', 'fanny', 'greta']

let stage: AccountsStage
beforeAll(async () => {
  stage = await startAccountsStage((config) => {
    for (const name of NAMES) {
      config.accounts[name] = { brand: 'default', email: `${name}@own.example`, name, groups: ['staff'] }
    }
  })
})
afterAll(() => stage.close())

/** Opens the invitation of somebody whom the stack file names. */
async function invited(name: string) {
  const mail = await stage.mail.waitFor(`${name}@own.example`, 'invitation')
  const browser = createBrowser()
  return { browser, page: await browser.open(linkIn(mail.text, '/invitation')) }
}

/** Somebody with a password, signed in. */
async function withPassword(name: string) {
  const { browser, page } = await invited(name)
  return { browser, page: await submit(browser, page, '/invitation/password', { password: PASSWORD }) }
}

async function signInWith(name: string, password: string) {
  const browser = createBrowser()
  const page = await submit(browser, await browser.open(`${stage.gateway.hello}/own`), '/sign-in/password', {
    email: `${name}@own.example`,
    password,
  })
  return { browser, page }
}

function passkeyRequest(page: Page): string {
  return formsOf(page).find(({ passkey }) => passkey !== undefined)?.passkey ?? ''
}

describe('an invitation', () => {
  it('leads to a password of their own, and signs in', async () => {
    const { browser, page } = await invited('anna')
    expect(shown(page)).toContain('Welcome to Acme')
    expect(shown(page)).toContain('anna@own.example')
    const weak = await submit(browser, page, '/invitation/password', { password: 'password1234' })
    expect(weak.status).toBe(403)
    expect(shown(weak)).toContain('Too many people would try that one')
    const done = await submit(browser, weak, '/invitation/password', { password: PASSWORD })
    expect(done.url).toBe(`${stage.gateway.login}/`)
    expect((await browser.open(`${stage.gateway.hello}/`)).status).toBe(200)
    // It is used up, and so is whatever else was open.
    expect((await browser.open(page.url)).status).toBe(410)
    expect((await submit(browser, page, '/invitation/password', { password: PASSWORD })).status).toBe(410)
  })

  it('may be accepted by a provider, whatever address that knows', async () => {
    const { browser, page } = await invited('berta')
    stage.acme.behaviour.person = person('berta-at-acme')
    const asked = await browser.open(linkTo(page, '/sign-in/acme'))
    expect(shown(asked)).toMatch(/berta-at-acme@acme\.example.*berta@/)
    const done = await submit(browser, asked, '/join-accounts', { decision: 'join' })
    expect(done.url).toBe(`${stage.gateway.login}/`)
    expect((await browser.open(page.url)).status).toBe(410)
    // From then on the provider leads to the same account.
    const { page: again } = await stage.signInBy('acme', person('berta-at-acme'))
    expect(again.url).toBe(`${stage.gateway.hello}/`)
  })

  it('that somebody else was sent on with joins nothing unless they say so, and is used up', async () => {
    const { page } = await invited('mallory')
    stage.acme.behaviour.person = person('victor')
    const victim = createBrowser()
    const asked = await victim.open(linkTo(page, '/sign-in/acme'))
    expect(shown(asked)).toMatch(/victor@acme\.example.*mallory@/)
    await submit(victim, asked, '/join-accounts', { decision: 'cancel' })
    expect((await victim.open(linkTo(page, '/sign-in/acme'))).status).toBe(410)
    expect((await stage.signInBy('acme', person('victor'))).page.url).toBe(`${stage.gateway.hello}/`)
  })

  it('may be accepted by a passkey', async () => {
    const { browser, page } = await invited('clara')
    const authenticator = createAuthenticator()
    const { login } = stage.gateway
    const credential = authenticator.create(passkeyRequest(page), { origin: login })
    const done = await submit(browser, page, '/invitation/passkey', { credential })
    expect(done.url).toBe(`${login}/`)
    const fresh = createBrowser()
    const offered = await fresh.open(`${stage.gateway.hello}/by-passkey`)
    const assertion = authenticator.get(passkeyRequest(offered), { origin: login })
    const arrived = await submit(fresh, offered, '/sign-in/passkey', { credential: assertion })
    expect(arrived).toMatchObject({ status: 200, url: `${stage.gateway.hello}/by-passkey` })
    // The same answer is worth nothing a second time.
    expect((await submit(fresh, offered, '/sign-in/passkey', { credential: assertion })).status).toBe(403)
  })

  it.each([
    ['from another site', { origin: 'https://evil.example' }],
    ['from a frame of another site', { crossOrigin: true }],
    ['without having seen who uses it', { userVerified: false }],
  ])('is not accepted by a passkey %s', async (_, bend) => {
    const { browser, page } = await invitedOnce('doris')
    const answer = { origin: stage.gateway.login, ...bend }
    const credential = createAuthenticator().create(passkeyRequest(page), answer)
    const refused = await submit(browser, page, '/invitation/passkey', { credential })
    expect(refused.status).toBe(403)
    expect(shown(refused)).toContain('That passkey did not work')
  })
})

const opened = new Map<string, string>()

/** The same invitation, opened as often as it is looked at: looking uses nothing up. */
async function invitedOnce(name: string) {
  const known = opened.get(name)
  const browser = createBrowser()
  if (known !== undefined) return { browser, page: await browser.open(known) }
  const mail = await stage.mail.waitFor(`${name}@own.example`, 'invitation')
  const link = linkIn(mail.text, '/invitation')
  opened.set(name, link)
  return { browser, page: await browser.open(link) }
}

describe('a password', () => {
  it('signs in, and the app is told of the account’s groups', async () => {
    await withPassword('emma')
    const { page } = await signInWith('emma', PASSWORD)
    expect(page).toMatchObject({ status: 200, url: `${stage.gateway.hello}/own` })
    const token = String(stage.gateway.upstreamRequests.at(-1)?.headers['x-gatewright-assertion'])
    const told = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    expect(told).toMatchObject({ email: 'emma@own.example', name: 'emma', groups: ['staff'] })
  })

  it('that is wrong, and an address that nobody has, are answered alike', async () => {
    const wrong = await signInWith('emma', 'not the password at all')
    const unknown = await signInWith('nobody', 'not the password at all')
    expect([wrong.page.status, unknown.page.status]).toEqual([403, 403])
    expect(shown(wrong.page)).toBe(shown(unknown.page))
    expect(await wrong.browser.jar.getCookieString(stage.gateway.login)).not.toContain('-session')
  })

  it('is not taken from a form of another site', async () => {
    const browser = createBrowser()
    const body = new URLSearchParams({ email: 'emma@own.example', password: PASSWORD }).toString()
    for (const origin of [stage.gateway.hello, 'null']) {
      const answer = await browser.open(`${stage.gateway.login}/sign-in/password`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
      expect(answer.status).toBe(403)
    }
    expect(await browser.jar.getCookieString(stage.gateway.login)).not.toContain('-session')
  })

  it('is forgotten and set anew by a mail, which ends every session and works once', async () => {
    const { browser: before } = await withPassword('fanny')
    const browser = createBrowser()
    const asked = await browser.open(linkTo(await browser.open(`${stage.gateway.login}/sign-in`), '/reset-password'))
    const sent = await submit(browser, asked, '/reset-password', { email: 'fanny@own.example' })
    const nobody = await submit(browser, asked, '/reset-password', { email: 'nobody@own.example' })
    expect(shown(sent).replaceAll('fanny', 'nobody')).toBe(shown(nobody))
    const mail = await stage.mail.waitFor('fanny@own.example', 'password_reset')
    const form = await browser.open(linkIn(mail.text, '/new-password'))
    const short = await submit(browser, form, '/new-password', { password: 'short' })
    expect(shown(short)).toContain('That is too short')
    const done = await submit(browser, short, '/new-password', { password: 'nine small boats at anchor' })
    expect(shown(done)).toContain('Your new password is set')
    expect((await submit(browser, form, '/new-password', { password: PASSWORD })).status).toBe(410)
    expect((await before.open(`${stage.gateway.login}/`)).url).toContain('/sign-in')
    expect((await signInWith('fanny', PASSWORD)).page.status).toBe(403)
    expect((await signInWith('fanny', 'nine small boats at anchor')).page.status).toBe(200)
    await stage.mail.waitFor('fanny@own.example', 'security_notice')
  })

  it('is not given by mail to somebody who signs in by a provider alone', async () => {
    await stage.signInBy('acme', person('olga'))
    const browser = createBrowser()
    const asked = await browser.open(`${stage.gateway.login}/reset-password`)
    await submit(browser, asked, '/reset-password', { email: 'olga@acme.example' })
    await submit(browser, asked, '/reset-password', { email: 'fanny@own.example' })
    await stage.mail.waitFor('fanny@own.example', 'password_reset')
    expect(stage.mail.mails().filter(({ recipients }) => recipients.includes('olga@acme.example'))).toEqual([])
  })
})

describe('a link to a new password', () => {
  it('is worth nothing once the address is another', async () => {
    const { browser } = await stage.signInBy('acme', person('walter', { email: 'walter@own.example' }))
    const pages = `${stage.gateway.login}/account/security/password`
    await submit(browser, await browser.open(pages), '/account/security/password', { next: PASSWORD })
    const asking = createBrowser()
    const form = await asking.open(`${stage.gateway.login}/reset-password`)
    await submit(asking, form, '/reset-password', { email: 'walter@own.example' })
    const mail = await stage.mail.waitFor('walter@own.example', 'password_reset')
    await stage.signInBy('acme', person('walter', { email: 'walter.new@own.example' }))
    expect((await asking.open(linkIn(mail.text, '/new-password'))).status).toBe(410)
  })

  it('ends what somebody else is about to join by the old password', async () => {
    await withPassword('olga')
    const thief = await stage.signInBy('globex', person('olga', { sub: 'thief', email: 'olga@own.example' }))
    const proven = await submit(thief.browser, thief.page, '/join-accounts/password', { password: PASSWORD })
    const asking = createBrowser()
    const form = await asking.open(`${stage.gateway.login}/reset-password`)
    await submit(asking, form, '/reset-password', { email: 'olga@own.example' })
    const mail = await stage.mail.waitFor('olga@own.example', 'password_reset')
    const chosen = await asking.open(linkIn(mail.text, '/new-password'))
    await submit(asking, chosen, '/new-password', { password: 'nine purple boats on a hill' })
    expect((await submit(thief.browser, proven, '/join-accounts', { decision: 'join' })).status).toBe(410)
  })
})
