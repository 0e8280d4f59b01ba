import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { person } from '../runtime/authenticate/accounts-stage.ts'
import { expectUsable } from './usable.ts'
import { pressTabUntil } from './keyboard.ts'
import { expectUsableMail, followMail } from './mail.ts'
import { type BrowserStage, expectArrival, expectHeading, PASSWORD, startBrowserStage } from './stage.ts'

const ANOTHER = 'forty blue kites over a harbour'
const NAMES = ['anna', 'berta', 'clara', 'doris', 'emma']

let stage: BrowserStage
beforeAll(async () => {
  stage = await startBrowserStage((config) => {
    for (const name of NAMES) {
      config.accounts[name] = { brand: 'default', email: `${name}@own.example`, name, groups: ['staff'] }
    }
  })
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

/** Somebody whom the stack file names, at the page that their invitation leads to. */
async function invited(name: string): Promise<Page> {
  const page = await stage.newVisitor()
  await followMail(page, await stage.mail.waitFor(`${name}@own.example`, 'invitation'), '/invitation')
  return page
}

/** Somebody with a password, signed in. */
async function withPassword(name: string): Promise<Page> {
  const page = await invited(name)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${stage.gateway.login}/`)
  return page
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

describe('an invitation', () => {
  it('leads to a password that nobody else would try, and signs in', async () => {
    const mail = await stage.mail.waitFor('anna@own.example', 'invitation')
    const page = await stage.newVisitor()
    await expectUsableMail(await stage.newVisitor(), mail, 'mail-invitation')
    await followMail(page, mail, '/invitation')
    expect(await page.textContent('main')).toContain('anna@own.example')
    await expectUsable(page, 'invitation')
    await page.getByLabel('New password').fill('password1234')
    await page.keyboard.press('Enter')
    await page.getByText('Too many people would try that one').waitFor()
    await expectUsable(page, 'invitation-weak-password')
    await page.getByLabel('New password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${stage.gateway.login}/`)
    await page.goto(stage.gateway.hello)
    await expectArrival(stage, page)
    expect(stage.told()).toMatchObject({ email: 'anna@own.example', groups: ['staff'] })
    await followMail(page, mail, '/invitation')
    await expectHeading(page, 'This link no longer works')
  })

  it('may be taken by a provider, which signs in to that account from then on', async () => {
    const page = await invited('berta')
    stage.becomes('acme', person('berta-at-acme'))
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    // Both are named first: whoever has an invitation could send others on that way.
    await page.getByText('berta-at-acme@acme.example at Acme').waitFor()
    await expectUsable(page, 'invitation-join')
    await page.getByRole('button', { name: 'Join them' }).click()
    await page.waitForURL(`${stage.gateway.login}/`)
    await page.goto(stage.gateway.hello)
    await expectArrival(stage, page)
    const id = stage.told()['sub']
    const elsewhere = await stage.newVisitor()
    await stage.enterBy(elsewhere, 'acme', person('berta-at-acme'))
    await expectArrival(stage, elsewhere)
    expect(stage.told()['sub']).toBe(id)
  })
})

describe('a password', () => {
  it('signs in by the keyboard alone, after a wrong one that tells nothing', async () => {
    await withPassword('clara')
    const page = await stage.newVisitor()
    await page.goto(`${stage.gateway.hello}/own?x=1`)
    await pressTabUntil(page, 'Email address')
    await page.keyboard.type('clara@own.example')
    await pressTabUntil(page, 'Password')
    await page.keyboard.type('not the right one at all')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await expectUsable(page, 'sign-in-wrong-password')
    const told = await page.textContent('main')
    await pressTabUntil(page, 'Password')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await expectArrival(stage, page, `${stage.gateway.hello}/own?x=1`)
    const stranger = await stage.newVisitor()
    await stranger.goto(`${stage.gateway.hello}/own?x=1`)
    await signIn(stranger, 'nobody@own.example', 'not the right one at all')
    await stranger.getByRole('alert').waitFor()
    expect(await stranger.textContent('main')).toBe(told)
  })

  it('that is forgotten is set anew by a mail, which ends all sessions', async () => {
    const before = await withPassword('doris')
    const page = await stage.newVisitor()
    await page.goto(stage.gateway.hello)
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await expectUsable(page, 'reset-request')
    await page.getByLabel('Email address').fill('doris@own.example')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await expectHeading(page, 'Check your mail')
    await expectUsable(page, 'reset-sent')
    const mail = await stage.mail.waitFor('doris@own.example', 'password_reset')
    await expectUsableMail(await stage.newVisitor(), mail, 'mail-password-reset')
    await followMail(page, mail, '/new-password')
    await expectUsable(page, 'reset-new-password')
    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('That is too short').waitFor()
    await page.getByLabel('New password').fill(ANOTHER)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('Your new password is set').waitFor()
    await expectUsable(page, 'reset-done')
    await before.goto(stage.gateway.login)
    await expectHeading(before, 'Sign in')
    await signIn(page, 'doris@own.example', PASSWORD)
    await page.getByRole('alert').waitFor()
    await signIn(page, 'doris@own.example', ANOTHER)
    await page.waitForURL((url) => url.pathname === '/')
    const notice = await stage.mail.waitFor('doris@own.example', 'security_notice')
    await expectUsableMail(await stage.newVisitor(), notice, 'mail-security-notice')
  })

  it('works without JavaScript', async () => {
    await withPassword('emma')
    const page = await stage.newVisitor({ javaScriptEnabled: false })
    await page.goto(`${stage.gateway.hello}/plain`)
    await signIn(page, 'emma@own.example', PASSWORD)
    await expectArrival(stage, page, `${stage.gateway.hello}/plain`)
  })
})

describe('with the address first', () => {
  const addressFirst = () =>
    stage.gateway.reload((config) => {
      for (const brand of Object.values(config.brands)) brand.identityFirst = true
      const { globex } = config.identityProviders
      if (globex) globex.allowedDomains = ['globex.example']
    })

  it('an address of a provider’s domain leads there, and back to the app', async () => {
    await addressFirst()
    const page = await stage.newVisitor()
    stage.becomes('globex', person('rosa', { email: 'rosa@globex.example' }))
    await page.goto(`${stage.gateway.hello}/first`)
    await expectUsable(page, 'identity-first')
    await page.getByLabel('Email address').fill('Rosa@Globex.example')
    await page.keyboard.press('Enter')
    await expectArrival(stage, page, `${stage.gateway.hello}/first`)
    expect(stage.globex.authorizationRequests.at(-1)?.get('login_hint')).toBe('rosa@globex.example')
  })

  it('somebody else’s sign-in is no answer, and both are named', async () => {
    await addressFirst()
    const page = await stage.newVisitor()
    stage.becomes('globex', person('tina', { email: 'tina@globex.example' }))
    await page.goto(stage.gateway.hello)
    await page.getByLabel('Email address').fill('rosa@globex.example')
    await page.keyboard.press('Enter')
    await expectHeading(page, 'You signed in as someone else')
    const text = await page.textContent('main')
    expect(text).toContain('rosa@globex.example')
    expect(text).toContain('tina@globex.example')
  })

  it('all other addresses look the same, and one can be exchanged for another', async () => {
    await addressFirst()
    const page = await stage.newVisitor()
    await page.goto(stage.gateway.hello)
    const seen: string[] = []
    for (const name of ['emma', 'nobody']) {
      await page.getByLabel('Email address').fill(`${name}@own.example`)
      await page.keyboard.press('Enter')
      await page.getByLabel('Password', { exact: true }).waitFor()
      seen.push(((await page.textContent('main')) ?? '').replaceAll(name, '…'))
      if (name === 'emma') await expectUsable(page, 'identity-first-password')
      await page.getByRole('link', { name: 'Use another address' }).click()
    }
    expect(seen[0]).toBe(seen[1])
    await page.getByLabel('Email address').fill('emma@own.example')
    await page.keyboard.press('Enter')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await expectArrival(stage, page)
  })
})
