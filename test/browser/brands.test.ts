import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { person } from '../runtime/authenticate/accounts-stage.ts'
import { brandAt } from '../support/release.ts'
import { expectUsable } from './usable.ts'
import { LOGO } from './gallery.ts'
import { type BrowserStage, expectArrival, expectHeading, startBrowserStage } from './stage.ts'

let stage: BrowserStage
let orchard: { login: string; shop: string }
beforeAll(async () => {
  stage = await startBrowserStage((config) => {
    const { port } = config.listen
    orchard = { login: `http://signin.orchard.gw.localhost:${port}`, shop: `http://shop.orchard.gw.localhost:${port}` }
    config.brands['orchard'] = {
      ...brandAt(orchard.login, ['globex']),
      name: 'Orchard',
      colors: { light: '#0b7a4b', dark: '#6fdca8' },
      ...(LOGO ? { logo: LOGO } : {}),
      links: [
        { label: 'Privacy', url: 'https://orchard.example/privacy' },
        { label: 'Imprint', url: 'https://orchard.example/imprint' },
      ],
    }
    const { hello } = config.routes
    if (!hello) throw new Error('there is no route hello')
    config.routes['shop'] = { ...hello, brand: 'orchard', from: orchard.shop, identityProviders: ['globex'] }
  })
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

/** Of the button that most people press. */
function accentOf(page: Page): Promise<string> {
  return page.evaluate('getComputedStyle(document.querySelector("main .primary")).backgroundColor')
}

describe('two brands at one gateway', () => {
  it('have each its own name, logo, colour, links and providers', async () => {
    const page = await stage.newVisitor()
    await page.goto(stage.gateway.hello)
    expect(new URL(page.url()).origin).toBe(stage.gateway.login)
    expect(await page.title()).toBe('Sign in · Acme')
    expect(await page.getByRole('link', { name: /^Login with/ }).count()).toBe(2)
    const accent = await accentOf(page)

    await page.goto(orchard.shop)
    expect(new URL(page.url()).origin).toBe(orchard.login)
    expect(await page.title()).toBe('Sign in · Orchard')
    expect(await page.getByRole('link', { name: /^Login with/ }).allTextContents()).toEqual(['Login with Globex'])
    expect(await page.getByLabel('Password').count()).toBe(0)
    expect(await accentOf(page)).toBe('rgb(11, 122, 75)')
    expect(accent).not.toBe('rgb(11, 122, 75)')
    await page.getByRole('img', { name: 'Orchard' }).waitFor()
    expect(await page.evaluate('document.querySelector("header img").naturalWidth')).toBe(150)
    expect(await page.getByRole('link', { name: 'Imprint' }).getAttribute('href')).toBe(
      'https://orchard.example/imprint',
    )
    await expectUsable(page, 'sign-in-orchard')
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await accentOf(page)).toBe('rgb(111, 220, 168)')
  })

  it('have each its own accounts, and a session of one is none of the other', async () => {
    const page = await stage.newVisitor()
    const anna = person('anna', { sub: 'anna-at-globex' })
    await stage.enterBy(page, 'globex', anna)
    await expectArrival(stage, page)
    const here = stage.told()['sub']
    await page.goto(`${orchard.shop}/basket`)
    expect(new URL(page.url()).origin).toBe(orchard.login)
    await page.getByRole('link', { name: 'Login with Globex' }).click()
    await expectArrival(stage, page, `${orchard.shop}/basket`)
    expect(stage.told()['sub']).not.toBe(here)
    // Signing out of one leaves the other.
    await page.goto(`${orchard.login}/sign-out`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expectHeading(page, 'You are signed out')
    await page.goto(`${orchard.shop}/basket`)
    expect(new URL(page.url()).origin).toBe(orchard.login)
    await page.goto(stage.gateway.hello)
    await expectArrival(stage, page)
    expect(stage.told()['sub']).toBe(here)
  })

  it('do not take a provider of the other one, not even by its address', async () => {
    const before = stage.acme.authorizationRequests.length
    const page = await stage.newVisitor()
    await page.goto(`${orchard.login}/sign-in/acme`)
    await expectHeading(page, 'There is no such page')
    await expectUsable(page, 'no-such-page')
    expect(stage.acme.authorizationRequests).toHaveLength(before)
  })

  it('sign in at the app at once where there is one way and the brand says so', async () => {
    await stage.gateway.reload(({ brands }) => {
      if (brands['orchard']) brands['orchard'].autoRedirect = true
    })
    const page = await stage.newVisitor()
    stage.becomes('globex', person('berta', { sub: 'berta-at-globex' }))
    await page.goto(`${orchard.shop}/at-once`)
    await expectArrival(stage, page, `${orchard.shop}/at-once`)
  })
})
