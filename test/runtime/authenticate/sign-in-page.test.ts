import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { BrandConfig } from '../../../runtime/config.ts'
import { createBrowser } from '../../support/browser.ts'
import { formsOf, linkTo, shown, submit } from '../../support/visitor.ts'
import { type AccountsStage, person, startAccountsStage } from './accounts-stage.ts'

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')

let stage: AccountsStage
beforeAll(async () => {
  stage = await startAccountsStage((config) => {
    config.identityProviders['globex']!.logo = { type: 'image/svg+xml', data: SVG }
  })
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

const brandLike = (change: Partial<BrandConfig>) =>
  stage.gateway.reload((config) => {
    for (const brand of Object.values(config.brands)) Object.assign(brand, change)
  })

const openSignIn = (browser = createBrowser()) => browser.open(`${stage.gateway.hello}/asked?for=it`)

function offered(text: string): string[] {
  return [...text.matchAll(/href="\/sign-in\/([a-z]+)\?/g)].map(([, id = '']) => id)
}

describe('the sign-in page', () => {
  it('offers password, passkey and, below them, the providers with their logos', async () => {
    const page = await openSignIn()
    expect(shown(page)).toContain('Or continue with')
    expect(formsOf(page).map(({ action }) => new URL(action).pathname)).toEqual([
      '/sign-in/password',
      '/sign-in/passkey',
    ])
    expect(offered(page.text)).toEqual(['acme', 'globex'])
    expect(page.text).toContain('<img src="/logo/globex" alt="">')
    const logo = await createBrowser().open(`${stage.gateway.login}/logo/globex`)
    expect(logo.headers.get('content-type')).toBe('image/svg+xml')
    expect(logo.headers.get('content-security-policy')).toContain("sandbox; default-src 'none'")
    for (const id of ['acme', 'nobody']) {
      expect((await createBrowser().open(`${stage.gateway.login}/logo/${id}`)).status).toBe(404)
    }
  })

  it('lets one script run, by its digest, and forms lead to this host alone', async () => {
    const policy = (await openSignIn()).headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/script-src 'sha256-[^' ]+'(?:;|$)/)
    expect(policy).toContain("form-action 'self'")
  })

  it('has the provider that was used last first, and says so', async () => {
    const { browser } = await stage.signInBy('globex', person('last'))
    await submit(browser, await browser.open(`${stage.gateway.login}/sign-out`), '/sign-out')
    const page = await openSignIn(browser)
    expect(offered(page.text)).toEqual(['globex', 'acme'])
    expect(shown(page)).toContain('Login with Globex last used')
  })

  it('speaks the language that the browser asks for, or that was chosen', async () => {
    const browser = createBrowser()
    const german = await browser.open(`${stage.gateway.login}/sign-in`, { headers: { 'accept-language': 'de-AT' } })
    expect(german.text).toContain('<html lang="de">')
    expect(shown(german)).toContain('Oder weiter mit')
    const chosen = await browser.open(`${stage.gateway.login}/sign-in?lang=ja`)
    expect(shown(chosen)).toContain('パスキーでサインイン')
    expect(shown(await browser.open(`${stage.gateway.login}/sign-in`))).toContain('パスキーでサインイン')
  })

  it('offers no provider that is disabled, and nobody can begin there', async () => {
    await stage.gateway.reload((config) => {
      config.identityProviders['globex']!.enabled = false
    })
    expect(offered((await openSignIn()).text)).toEqual(['acme'])
    const before = stage.globex.authorizationRequests.length
    expect((await createBrowser().open(`${stage.gateway.login}/sign-in/globex`)).status).toBe(404)
    expect(stage.globex.authorizationRequests.length).toBe(before)
  })

  it('offers own accounts only where the app takes them', async () => {
    await stage.gateway.reload((config) => {
      config.routes['hello']!.identityProviders = ['acme']
    })
    const page = await openSignIn()
    expect(formsOf(page)).toEqual([])
    const request = new URL(page.url).search
    const answer = await createBrowser().open(`${stage.gateway.login}/sign-in/password${request}`, {
      method: 'POST',
      headers: { origin: stage.gateway.login, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=a%40b.example&password=x',
    })
    expect(answer.status).toBe(404)
  })
})

describe('with one way in and autoRedirect', () => {
  const alone = { identityProviders: ['acme'], password: 'off', passkeys: false, autoRedirect: true } as const

  it('the page is left out', async () => {
    await brandLike({ ...alone, identityProviders: ['acme'] })
    stage.acme.behaviour.person = person('auto')
    expect(await openSignIn()).toMatchObject({ status: 200, url: `${stage.gateway.hello}/asked?for=it` })
  })

  it('the page is shown to somebody who wants to be another person', async () => {
    await brandLike({ ...alone, identityProviders: ['acme'] })
    const page = await createBrowser().open(`${stage.gateway.login}/sign-in?switch=1`)
    expect(offered(page.text)).toEqual(['acme'])
  })

  it('the page is shown where there are two', async () => {
    await brandLike({ ...alone, identityProviders: ['acme', 'globex'] })
    expect(offered((await openSignIn()).text)).toEqual(['acme', 'globex'])
  })
})

describe('with the address first', () => {
  const addressFirst = () =>
    stage.gateway.reload((config) => {
      for (const brand of Object.values(config.brands)) brand.identityFirst = true
      config.identityProviders['globex']!.allowedDomains = ['globex.example']
    })

  it('an address of a provider’s domain leads there, with a hint', async () => {
    await addressFirst()
    const browser = createBrowser()
    stage.globex.behaviour.person = person('rosa', { email: 'rosa@globex.example' })
    const page = await submit(browser, await openSignIn(browser), '/sign-in/address', { email: 'ROSA@Globex.Example' })
    expect(stage.globex.authorizationRequests.at(-1)?.get('login_hint')).toBe('rosa@globex.example')
    expect(page.url).toBe(`${stage.gateway.hello}/asked?for=it`)
  })

  it('any other is answered alike, whether or not somebody has it', async () => {
    await stage.signInBy('acme', person('known'))
    await addressFirst()
    const browser = createBrowser()
    const first = await openSignIn(browser)
    const answers = []
    for (const email of ['known@acme.example', 'nobody@acme.example']) {
      answers.push(shown(await submit(browser, first, '/sign-in/address', { email })).replaceAll(email, '…'))
    }
    expect(answers[0]).toBe(answers[1])
    expect(answers[0]).toContain('Password')
  })

  it.each(['', 'nobody', 'a@b@c.example', '"a b"@acme.example', 'x'.repeat(300)])('%j is no address', async (email) => {
    await addressFirst()
    const browser = createBrowser()
    const page = await submit(browser, await openSignIn(browser), '/sign-in/address', { email })
    expect(page.status).toBe(403)
    expect(shown(page)).toContain('Enter an address like')
  })

  it('nobody is asked where it is not wanted', async () => {
    const answer = await createBrowser().open(`${stage.gateway.login}/sign-in/address`, {
      method: 'POST',
      headers: { origin: stage.gateway.login, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=a%40b.example',
    })
    expect(answer.status).toBe(404)
  })
})

describe('somebody who is to sign in once more', () => {
  it('is asked by the provider for a credential, with a time that it has to tell', async () => {
    const { browser } = await stage.signInBy(
      'acme',
      person('fresh', { auth_time: Math.floor(Date.now() / 1_000) - 3_600 }),
    )
    await browser.open(`${stage.gateway.login}/sign-in?next=/account/security&fresh=1`, { redirects: 2 })
    const asked = stage.acme.authorizationRequests.at(-1)
    expect([asked?.get('prompt'), asked?.get('max_age')]).toEqual(['login', '600'])
  })

  it('is told so where the provider does not ask, and is not sent round and round', async () => {
    const hourAgo = { auth_time: Math.floor(Date.now() / 1_000) - 3_600 }
    const { browser } = await stage.signInBy('acme', person('stale', hourAgo))
    const page = await browser.open(`${stage.gateway.login}/account/security/password`)
    expect(page.status).toBe(403)
    expect(page.url).toContain('/callback/acme')
  })

  it('comes back at once from a provider that never says when, by the sign-in that was just made here', async () => {
    const { browser } = await stage.signInBy('acme', person('silent'))
    const page = await browser.open(`${stage.gateway.login}/sign-in?next=/account/security&fresh=1`, { redirects: 0 })
    expect(page.headers.get('location')).toBe('/account/security')
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/account/../sign-out',
    '/sign-out',
    '/account?x=1',
    '/accounts',
  ])('does not come back to %s', async (next) => {
    const { browser } = await stage.signInBy('acme', person('back'))
    const query = new URLSearchParams({ next }).toString()
    const page = await browser.open(`${stage.gateway.login}/sign-in?${query}`, { redirects: 0 })
    expect(page.headers.get('location')).toBe('/')
  })

  it('comes back to a page of their account', async () => {
    const { browser } = await stage.signInBy('acme', person('forth'))
    const page = await browser.open(`${stage.gateway.login}/sign-in?next=/account/security`, { redirects: 0 })
    expect(page.headers.get('location')).toBe('/account/security')
  })
})

describe('a provider’s own page', () => {
  it('is reached by a link, whose address carries no secret', async () => {
    const page = await openSignIn()
    expect([...new URL(linkTo(page, '/sign-in/acme')).searchParams.keys()]).toEqual(['request'])
  })
})
