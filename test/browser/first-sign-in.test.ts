import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { IdentityProviderConfig } from '../../runtime/config.ts'
import { person } from '../runtime/authenticate/accounts-stage.ts'
import { expectUsable } from './usable.ts'
import { pressTabUntil } from './keyboard.ts'
import { type BrowserStage, expectArrival, expectHeading, startBrowserStage } from './stage.ts'

let stage: BrowserStage
beforeAll(async () => {
  stage = await startBrowserStage()
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

const acmeIs = (change: Partial<IdentityProviderConfig>) =>
  stage.gateway.reload(({ identityProviders: { acme } }) => {
    if (acme) Object.assign(acme, change)
  })

describe('somebody who was never here', () => {
  it('gets an account by signing in, and comes to the page that was asked for', async () => {
    const page = await stage.newVisitor()
    const url = `${stage.gateway.hello}/reports/2026?quarter=4&filter=a%2Bb`
    stage.becomes('acme', person('anna', { name: 'Anna Archer' }))
    await page.goto(url)
    expect(new URL(page.url()).origin).toBe(stage.gateway.login)
    await expectUsable(page, 'first-sign-in')
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectArrival(stage, page, url)
    expect(stage.told()).toMatchObject({ email: 'anna@acme.example', name: 'Anna Archer' })
    await page.goto(stage.gateway.login)
    await expectUsable(page, 'signed-in-home')
  })

  it('is refused where only existing accounts are matched, and the page says why', async () => {
    await acmeIs({ provisioning: 'match-only' })
    const reached = stage.gateway.upstreamRequests.length
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('berta'))
    await expectHeading(page, 'You have no account here yet')
    expect(await page.textContent('main')).toContain('only people who already have an account')
    await expectUsable(page, 'refused-match-only')
    expect(stage.gateway.upstreamRequests).toHaveLength(reached)
    await page.goto(stage.gateway.hello)
    expect(new URL(page.url()).origin).toBe(stage.gateway.login)
  })

  it('is refused with an address of a domain that is not allowed, and signed in with the right one', async () => {
    await acmeIs({ allowedDomains: ['acme.example'] })
    const reached = stage.gateway.upstreamRequests.length
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('clara', { email: 'clara@elsewhere.example' }))
    await expectHeading(page, 'This email address is not accepted here')
    await expectUsable(page, 'refused-domain')
    expect(stage.gateway.upstreamRequests).toHaveLength(reached)
    stage.becomes('acme', person('clara'))
    await page.getByRole('link', { name: /try again|sign in/i }).click()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectArrival(stage, page)
  })

  it('who cancels at the provider is told so, and can begin again for the same page', async () => {
    const page = await stage.newVisitor()
    stage.acme.behaviour.answer = ({ state = '', iss = '' }) => Object.entries({ error: 'access_denied', state, iss })
    await stage.enterBy(page, 'acme', person('doris'), `${stage.gateway.hello}/deep`)
    await expectHeading(page, 'You were not signed in')
    await expectUsable(page, 'refused-cancelled')
    stage.acme.behaviour.answer = (honest) => Object.entries(honest)
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectArrival(stage, page, `${stage.gateway.hello}/deep`)
  })

  it('signs in without JavaScript', async () => {
    const page = await stage.newVisitor({ javaScriptEnabled: false })
    await stage.enterBy(page, 'acme', person('emma'), `${stage.gateway.hello}/plain`)
    await expectArrival(stage, page, `${stage.gateway.hello}/plain`)
  })

  it('signs in by the keyboard alone, and sees where they are', async () => {
    const page = await stage.newVisitor()
    stage.becomes('globex', person('fanny', { sub: 'fanny-at-globex' }))
    await page.goto(`${stage.gateway.hello}/keys`)
    await pressTabUntil(page, 'Login with Globex')
    await page.keyboard.press('Enter')
    await expectArrival(stage, page, `${stage.gateway.hello}/keys`)
  })
})

describe('somebody who was here', () => {
  it('is offered the provider that they used last before the others', async () => {
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'globex', person('greta', { sub: 'greta-at-globex' }))
    await expectArrival(stage, page)
    await page.goto(`${stage.gateway.login}/sign-out`)
    await expectUsable(page, 'sign-out-question')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expectHeading(page, 'You are signed out')
    await page.goto(stage.gateway.hello)
    const offered = await page.getByRole('link', { name: /^Login with/ }).allTextContents()
    expect(offered.map((text) => text.trim())).toEqual(['Login with Globex', 'Login with Acme'])
    expect(await page.textContent('main')).toContain('last used')
    await expectUsable(page, 'sign-in-last-used')
  })

  it('is told when the provider does not answer, and comes to the same page by the other one', async () => {
    await acmeIs({ issuer: `${stage.acme.issuer}/nowhere` })
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('hanna'), `${stage.gateway.hello}/kept?x=1`)
    await expectHeading(page, 'The sign-in service does not answer')
    await page.goBack()
    stage.becomes('globex', person('hanna', { sub: 'hanna-at-globex' }))
    await page.getByRole('link', { name: 'Login with Globex' }).click()
    await expectArrival(stage, page, `${stage.gateway.hello}/kept?x=1`)
  })
})

describe('the language', () => {
  it('is the browser’s own, until another is chosen, which stays', async () => {
    const page = await stage.newVisitor({ locale: 'de-AT' })
    await page.goto(stage.gateway.hello)
    await expectHeading(page, 'Anmelden')
    await expectUsable(page, 'sign-in-german')
    for (const [name, language] of [
      ['Français', 'fr'],
      ['Español', 'es'],
      ['日本語', 'ja'],
    ] as const) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.locator(`html[lang=${language}]`).waitFor()
      await expectUsable(page, `sign-in-${language}`)
    }
    await page.goto(stage.gateway.docs)
    await page.goto(stage.gateway.hello)
    expect(await page.getAttribute('html', 'lang')).toBe('ja')
    // It is asked for in the address of that one page, which still leads to the app.
    stage.becomes('acme', person('irma'))
    await page.getByRole('link', { name: /Acme/ }).click()
    await expectArrival(stage, page)
  })
})
