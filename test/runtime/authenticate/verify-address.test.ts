import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { goOn, linkTo, shown, submit } from '../../support/visitor.ts'
import { type AccountsStage, linkIn, person, startAccountsStage } from './accounts-stage.ts'

let stage: AccountsStage
beforeAll(async () => {
  stage = await startAccountsStage()
})
afterAll(() => stage.close())

const unverified = (name: string) => person(name, { email_verified: false })

async function waitForMail(name: string) {
  const { browser, page } = await stage.signInBy('acme', unverified(name))
  const mail = await stage.mail.waitFor(`${name}@acme.example`, 'verify_email')
  return { browser, page, link: linkIn(mail.text, '/confirm-address') }
}

describe('an address that nobody’s word counts for', () => {
  it('is confirmed by the link in a mail, and the person goes on to the app', async () => {
    const { browser, page, link } = await waitForMail('anna')
    expect(shown(page)).toContain('Check your mail')
    expect(shown(page)).toContain('anna@acme.example')
    const asked = await browser.open(link)
    expect(shown(asked)).toContain('Is this your address?')
    const arrived = await submit(browser, asked, '/confirm-address', { decision: 'confirm' })
    expect(arrived).toMatchObject({ status: 200, url: `${stage.gateway.hello}/` })
    // The next time it is known.
    const again = await stage.signInBy('acme', unverified('anna'))
    expect(again.page.url).toBe(`${stage.gateway.hello}/`)
  })

  it('may be confirmed on another device, which gets no session; the first one goes on', async () => {
    const { browser, page, link } = await waitForMail('berta')
    const phone = createBrowser()
    const done = await submit(phone, await phone.open(link), '/confirm-address', { decision: 'confirm' })
    expect(shown(done)).toContain('Go back to the browser where you began')
    expect(await phone.jar.getCookieString(stage.gateway.login)).not.toContain('-session')
    const arrived = await browser.open(linkTo(page, '/verify-address'))
    expect(arrived).toMatchObject({ status: 200, url: `${stage.gateway.hello}/` })
    // Going back shows nothing that could be done twice.
    const back = await browser.open(page.url)
    expect(back.status).toBe(410)
    expect((await browser.open(linkTo(back, '/sign-in'))).url).toBe(`${stage.gateway.login}/`)
  })

  it('is not confirmed by opening the link, and the link works once', async () => {
    const { browser, page, link } = await waitForMail('clara')
    const scanner = createBrowser()
    const asked = await scanner.open(link)
    expect(shown(await browser.open(linkTo(page, '/verify-address')))).toContain('not confirmed yet')
    await submit(scanner, asked, '/confirm-address', { decision: 'confirm' })
    expect((await submit(scanner, asked, '/confirm-address', { decision: 'confirm' })).status).toBe(410)
    expect((await scanner.open(link)).status).toBe(410)
  })

  it('is refused by whom it belongs to: the sign-in that claimed it ends', async () => {
    const { browser, page, link } = await waitForMail('doris')
    const victim = createBrowser()
    const refused = await submit(victim, await victim.open(link), '/confirm-address', { decision: 'refuse' })
    expect(shown(refused)).toContain('nobody has your address')
    expect((await browser.open(page.url)).status).toBe(410)
  })

  it('waits in the browser that began alone', async () => {
    const { page, link } = await waitForMail('emma')
    const thief = createBrowser()
    expect((await thief.open(page.url)).status).toBe(410)
    await submit(thief, await thief.open(link), '/confirm-address', { decision: 'confirm' })
    expect((await thief.open(page.url)).status).toBe(410)
  })

  it('can be left out where nobody demands it, and the app is told none', async () => {
    const { browser, page } = await waitForMail('fanny')
    const arrived = await submit(browser, page, '/verify-address/without')
    expect(arrived).toMatchObject({ status: 200, url: `${stage.gateway.hello}/` })
    const token = String(stage.gateway.upstreamRequests.at(-1)?.headers['x-gatewright-assertion'])
    const told = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    expect(told['email'] ?? '').toBe('')
  })

  it('is sent again, as often as limits allow', async () => {
    const { browser, page } = await waitForMail('greta')
    let shownLast = ''
    for (let times = 0; times < 10; times += 1) shownLast = shown(await submit(browser, page, '/verify-address/again'))
    expect(shownLast).toContain('often enough for now')
    const sent = stage.mail.mails().filter(({ recipients }) => recipients.includes('greta@acme.example'))
    expect(sent.length).toBe(6)
  })

  it('is mailed to although somebody has asked for its password again and again', async () => {
    const { login } = stage.gateway
    const stranger = createBrowser()
    const ask = async () => {
      const asked = await stranger.open(`${login}/reset-password`)
      return submit(stranger, asked, '/reset-password', { email: 'gustav@acme.example' })
    }
    for (let times = 0; times < 6; times += 1) expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
    const { page } = await waitForMail('gustav')
    expect(shown(page)).toContain('We have sent a link there')
  })

  it('that limits keep from being mailed to is not said to have been, but when to try again', async () => {
    const { browser } = await waitForMail('gerda')
    for (let times = 0; times < 5; times += 1) await stage.signInBy('acme', unverified('gerda'))
    const { page } = await stage.signInBy('acme', unverified('gerda'), browser)
    const mails = () => stage.mail.mails().filter(({ recipients }) => recipients.includes('gerda@acme.example')).length
    expect(mails()).toBe(6)
    const held = await submit(browser, page, '/verify-address/again')
    for (const each of [page, held]) {
      expect(shown(each)).toMatch(/No mail was sent to gerda@acme\.example ?: .* try again in \d+ minutes? ?\./)
      expect(shown(each)).not.toContain('We have sent')
      expect(shown(each)).not.toContain('Check your mail')
      expect(shown(each)).not.toContain('spam')
    }
    expect(mails()).toBe(6)
    // Who changes the address changes no more than a word.
    const forged = page.url.replace(/until=\d+/, 'until=<script>')
    expect(shown(await browser.open(forged))).toContain('try again in 60 minutes')
  })

  it('has to be confirmed where domains are restricted: there is no way around', async () => {
    await stage.gateway.reload((config) => {
      config.identityProviders['acme']!.allowedDomains = ['acme.example']
    })
    const { browser, page } = await waitForMail('hanna')
    expect(page.text).not.toContain('/verify-address/without')
    const forced = await browser.open(page.url.replace('/verify-address', '/verify-address/without'), {
      method: 'POST',
      headers: { origin: stage.gateway.login, 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
    })
    expect(forced.status).toBe(403)
    expect(stage.gateway.log()).toContain('"code":"email_unverified"')
    await stage.gateway.reload(() => undefined)
  })
})

describe('with always-verify', () => {
  it('the provider’s word does not count', async () => {
    await stage.gateway.reload((config) => {
      config.identityProviders['acme']!.emailTrust = 'always-verify'
    })
    const { page } = await stage.signInBy('acme', person('irma'))
    expect(shown(page)).toContain('Check your mail')
    await stage.gateway.reload(() => undefined)
  })
})

describe('while the mail server does not answer', () => {
  it('the person is told, loses nothing, and goes on once it does', async () => {
    const working = stage.gateway.config.mail
    await stage.gateway.reload((config) => {
      config.mail = { ...config.mail!, port: 9 }
    })
    const { browser, page } = await stage.signInBy('acme', unverified('judith'))
    expect(shown(page)).toContain('could not be sent. Nothing is lost')
    await stage.gateway.reload((config) => {
      config.mail = working
    })
    const again = await submit(browser, page, '/verify-address/again')
    expect(shown(again)).toContain('We have sent it again')
    const mail = await stage.mail.waitFor('judith@acme.example', 'verify_email')
    const asked = await browser.open(linkIn(mail.text, '/confirm-address'))
    const arrived = await goOn(browser, await submit(browser, asked, '/confirm-address', { decision: 'confirm' }))
    expect(arrived.url).toBe(`${stage.gateway.hello}/`)
  })
})
