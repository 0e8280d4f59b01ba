import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser, type Page } from '../../support/browser.ts'
import { formsOf, linkTo, shown, submit } from '../../support/visitor.ts'
import { type AccountsStage, person, startAccountsStage } from './accounts-stage.ts'

let stage: AccountsStage
beforeAll(async () => {
  stage = await startAccountsStage()
})
afterAll(() => stage.close())

/** Who the app was told is there. */
function toldTo(page: Page): Record<string, unknown> {
  expect(page.status, shown(page)).toBe(200)
  const token = String(stage.gateway.upstreamRequests.at(-1)?.headers['x-gatewright-assertion'])
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

async function newAccount(name: string) {
  const { browser, page } = await stage.signInBy('acme', person(name))
  return { browser, told: toldTo(page) }
}

describe('an identity', () => {
  it('linking case 1: whose email changed at the provider leads to the same account, which has the new one', async () => {
    const { told } = await newAccount('carla')
    const { page } = await stage.signInBy('acme', person('carla', { email: 'carla.new@acme.example' }))
    expect(toldTo(page)).toMatchObject({ sub: told['sub'], email: 'carla.new@acme.example' })
  })

  it.each([
    ['false', false],
    ['missing', undefined],
  ])(
    'linking case 2: whose email_verified is %s is not joined to the account with its address',
    async (title, email_verified) => {
      const name = `dora-${title}`
      const { told } = await newAccount(name)
      const attacker = person(`attacker-${title}`, { email: `${name}@acme.example`, email_verified })
      const { browser, page } = await stage.signInBy('globex', attacker)
      expect(shown(page)).toContain('Check your mail')
      const without = await submit(browser, page, '/verify-address/without')
      const other = toldTo(without)
      expect(other['sub']).not.toBe(told['sub'])
      expect(other['email'] ?? '').toBe('')
    },
  )

  it('linking case 4: of an account that an attacker made in advance with the victim’s address is not joined to the victim’s', async () => {
    // The attacker comes first, with an address that is not theirs.
    const attacker = person('eve', { email: 'victim@acme.example', email_verified: false })
    const first = await stage.signInBy('globex', attacker)
    const evil = toldTo(await submit(first.browser, first.page, '/verify-address/without'))
    // The victim has it verified, and gets an account of their own.
    const { page } = await stage.signInBy('acme', person('victim'))
    const told = toldTo(page)
    expect(told).toMatchObject({ email: 'victim@acme.example' })
    expect(told['sub']).not.toBe(evil['sub'])
  })
})

describe('an address that an account has', () => {
  it('has the account shown to be theirs, both named, before anything is joined', async () => {
    const { told } = await newAccount('frida')
    const { browser, page } = await stage.signInBy('globex', person('frida', { sub: 'frida-at-globex' }))
    expect(shown(page)).toContain('You have an account already')
    expect(shown(page)).toContain('frida@acme.example at Globex')
    stage.acme.behaviour.person = person('frida')
    const proven = await browser.open(linkTo(page, '/sign-in/acme?join='))
    expect(shown(proven)).toContain('The account is yours. Join the two?')
    const joined = await submit(browser, proven, '/join-accounts', { decision: 'join' })
    expect(toldTo(joined)['sub']).toBe(told['sub'])
    // From then on it leads there at once.
    const again = await stage.signInBy('globex', person('frida', { sub: 'frida-at-globex' }))
    expect(toldTo(again.page)['sub']).toBe(told['sub'])
  })

  it('linking case 5: a pending link works once, in its own browser, and changes nothing when it is cancelled', async () => {
    await newAccount('gina')
    const newcomer = person('gina', { sub: 'gina-at-globex' })
    const { browser, page } = await stage.signInBy('globex', newcomer)
    const stranger = await createBrowser().open(page.url)
    expect(stranger.status).toBe(410)
    stage.acme.behaviour.person = person('gina')
    const proven = await browser.open(linkTo(page, '/sign-in/acme?join='))
    // What it was before it was shown to be theirs is over.
    expect((await browser.open(page.url)).status).toBe(410)
    const cancelled = await submit(browser, proven, '/join-accounts', { decision: 'cancel' })
    expect(shown(cancelled)).toContain('Nothing was changed')
    const late = await submit(browser, proven, '/join-accounts', { decision: 'join' })
    expect(late.status).toBe(410)
    const again = await stage.signInBy('globex', newcomer)
    expect(shown(again.page)).toContain('You have an account already')
  })

  it('is not joined by a form that was sent before the account was shown to be theirs', async () => {
    await newAccount('hilda')
    const { browser, page } = await stage.signInBy('globex', person('hilda', { sub: 'hilda-at-globex' }))
    const forced = await submit(browser, page, '/join-accounts', { decision: 'join' })
    expect(forced.status).toBe(410)
    expect(shown(await browser.open(page.url))).toContain('You have an account already')
  })

  it('is not joined by somebody else’s account, and both are named', async () => {
    await newAccount('ida')
    await newAccount('jane')
    const { browser, page } = await stage.signInBy('globex', person('ida', { sub: 'ida-at-globex' }))
    stage.acme.behaviour.person = person('jane')
    const refused = await browser.open(linkTo(page, '/sign-in/acme?join='))
    expect(refused.status).toBe(403)
    expect(shown(refused)).toContain('ida@acme.example')
    expect(shown(refused)).toContain('jane@acme.example')
    // It can be tried again.
    expect(shown(await browser.open(linkTo(refused, '/join-accounts')))).toContain('You have an account already')
  })

  it('is refused from a form of another site', async () => {
    await newAccount('kate')
    const { browser, page } = await stage.signInBy('globex', person('kate', { sub: 'kate-at-globex' }))
    const [form] = formsOf(page)
    const answer = await browser.open(form?.action ?? '', {
      method: 'POST',
      headers: { origin: stage.gateway.hello, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'decision=cancel',
    })
    expect(answer.status).toBe(403)
    expect(shown(await browser.open(page.url))).toContain('You have an account already')
  })
})

describe('an identity of an account', () => {
  it('linking case 6: is nobody else’s to join; whose it is, is not said', async () => {
    await newAccount('rita')
    await newAccount('sofia')
    const at = (email: string) => person('shared', { sub: 'shared-at-globex', email })
    // One sign-in waits for rita’s proof; meanwhile the same identity is joined to sofia’s account.
    const waiting = await stage.signInBy('globex', at('rita@acme.example'))
    const faster = await stage.signInBy('globex', at('sofia@acme.example'))
    stage.acme.behaviour.person = person('sofia')
    const proven = await faster.browser.open(linkTo(faster.page, '/sign-in/acme?join='))
    expect((await submit(faster.browser, proven, '/join-accounts', { decision: 'join' })).status).toBe(200)
    stage.acme.behaviour.person = person('rita')
    const late = await waiting.browser.open(linkTo(waiting.page, '/sign-in/acme?join='))
    const refused = await submit(waiting.browser, late, '/join-accounts', { decision: 'join' })
    expect(refused.status).toBe(409)
    expect(stage.gateway.log()).toContain('"code":"identity_in_use"')
    expect(refused.text).not.toContain('sofia')
  })

  it('linking case 7: may be one of two at the same provider', async () => {
    const { told } = await newAccount('tina')
    const second = person('tina', { sub: 'tina-second' })
    const { browser, page } = await stage.signInBy('acme', second)
    stage.acme.behaviour.person = person('tina')
    const proven = await browser.open(linkTo(page, '/sign-in/acme?join='))
    await submit(browser, proven, '/join-accounts', { decision: 'join' })
    for (const who of [person('tina'), second]) {
      expect(toldTo((await stage.signInBy('acme', who)).page)['sub']).toBe(told['sub'])
    }
  })
})

describe('a brand', () => {
  it('linking case 8: with enforced single sign-on refuses a password by direct URL, and looks at none', async () => {
    await stage.gateway.reload((config) => {
      for (const brand of Object.values(config.brands)) Object.assign(brand, { password: 'off', passkeys: false })
    })
    const browser = createBrowser()
    for (const path of ['/sign-in/password', '/sign-in/passkey', '/sign-in/break-glass']) {
      const answer = await browser.open(`${stage.gateway.login}${path}`, {
        method: 'POST',
        headers: { origin: stage.gateway.login, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'email=alice%40acme.example&password=whatever+it+is',
      })
      expect(answer.status).toBe(404)
    }
    expect(await browser.jar.getCookieString(stage.gateway.login)).not.toContain('-session')
    await stage.gateway.reload(() => undefined)
  })

  it('linking case 10: that asked for one person and got another names both, and lets nobody in', async () => {
    await stage.gateway.reload((config) => {
      for (const brand of Object.values(config.brands)) brand.identityFirst = true
      config.identityProviders['acme']!.allowedDomains = ['acme.example']
    })
    const browser = createBrowser()
    const first = await browser.open(`${stage.gateway.hello}/for-uma`)
    stage.acme.behaviour.person = person('vera')
    const refused = await submit(browser, first, '/sign-in/address', { email: 'Uma@Acme.example' })
    expect(stage.acme.authorizationRequests.at(-1)?.get('login_hint')).toBe('uma@acme.example')
    expect(refused.status).toBe(403)
    expect(shown(refused)).toContain('uma@acme.example')
    expect(shown(refused)).toContain('vera@acme.example')
    expect(await browser.jar.getCookieString(stage.gateway.login)).not.toContain('-session')
    stage.acme.behaviour.person = person('uma')
    const again = await browser.open(linkTo(refused, '/sign-in'))
    const page = await submit(browser, again, '/sign-in/address', { email: 'uma@acme.example' })
    expect(page.url).toBe(`${stage.gateway.hello}/for-uma`)
    await stage.gateway.reload(() => undefined)
  })
})

describe('a provider', () => {
  it('linking case 9: that returns an address outside its domains lets nobody in', async () => {
    await stage.gateway.reload((config) => {
      config.identityProviders['globex']!.allowedDomains = ['globex.example']
    })
    const before = stage.gateway.upstreamRequests.length
    const { page } = await stage.signInBy('globex', person('lena'))
    expect(page.status).toBe(403)
    expect(stage.gateway.log()).toContain('"code":"email_refused"')
    expect(stage.gateway.upstreamRequests.length).toBe(before)
    await stage.gateway.reload(() => undefined)
  })

  it('linking case 13: that is told no by the person says so, and the same page can be reached by another try', async () => {
    stage.acme.behaviour.answer = ({ state = '', iss = '' }) => Object.entries({ error: 'access_denied', state, iss })
    const { browser, page } = await stage.signInBy('acme', person('mona'))
    stage.acme.behaviour.answer = (honest) => Object.entries(honest)
    expect(page.status).toBe(403)
    const retry = await browser.open(linkTo(page, '/sign-in'))
    expect((await browser.open(linkTo(retry, '/sign-in/acme'))).url).toBe(`${stage.gateway.hello}/`)
  })

  it('linking case 14: that is down says so, and the address is kept for another try', async () => {
    const fresh = await startAccountsStage()
    try {
      const browser = createBrowser()
      const offered = await browser.open(`${fresh.gateway.hello}/deep?x=1`)
      await fresh.globex.close()
      const page = await browser.open(linkTo(offered, '/sign-in/globex'))
      expect(page.status).toBe(502)
      const retry = await browser.open(linkTo(page, '/sign-in/globex'))
      expect(retry.status).toBe(502)
      expect((await browser.open(linkTo(offered, '/sign-in/acme'))).url).toBe(`${fresh.gateway.hello}/deep?x=1`)
    } finally {
      await fresh.gateway.close()
      await fresh.mail.close()
    }
  })
})

describe('the way back', () => {
  it('linking case 11: taken again by the back button leads on to the page that was asked for', async () => {
    const browser = createBrowser()
    stage.acme.behaviour.person = person('nora')
    const offered = await browser.open(`${stage.gateway.hello}/report?q=1`)
    await browser.open(linkTo(offered, '/sign-in/acme'))
    // The page before is opened again: the session is there.
    expect((await browser.open(offered.url)).url).toBe(`${stage.gateway.hello}/report?q=1`)
  })

  it('linking case 12: with a state that nobody knows says so, with a way to begin again', async () => {
    const { browser } = await stage.signInBy('acme', person('olga'))
    const page = await browser.open(`${stage.gateway.login}/callback/acme?code=x&state=unknown`)
    expect(page.status).toBe(400)
    expect(stage.gateway.log()).toContain('"code":"sign_in_expired"')
    expect(linkTo(page, '/sign-in')).toContain('/sign-in')
  })

  it('linking case 15: taken twice signs in once, and the second time leads on to the page that was asked for', async () => {
    const browser = createBrowser()
    stage.acme.behaviour.person = person('paula')
    const offered = await browser.open(`${stage.gateway.hello}/twice`)
    const atProvider = await browser.open(linkTo(offered, '/sign-in/acme'), { redirects: 1 })
    const callback = atProvider.headers.get('location') ?? ''
    const cookies = await browser.jar.getCookieString(callback)
    expect((await browser.open(callback)).url).toBe(`${stage.gateway.hello}/twice`)
    const codes = stage.acme.tokenRequests.length
    const second = await browser.open(callback, { headers: { cookie: cookies } })
    expect(second.status).toBe(400)
    expect(stage.acme.tokenRequests.length).toBe(codes)
    expect((await browser.open(linkTo(second, '/sign-in'))).url).toBe(`${stage.gateway.hello}/twice`)
  })
})
