import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { person } from '../runtime/authenticate/accounts-stage.ts'
import { expectUsable } from './usable.ts'
import { followMail } from './mail.ts'
import { type BrowserStage, expectArrival, expectHeading, PASSWORD, startBrowserStage } from './stage.ts'

let stage: BrowserStage
beforeAll(async () => {
  stage = await startBrowserStage((config) => {
    config.accounts['pia'] = { brand: 'default', email: 'pia@acme.example', name: 'Pia Park', groups: ['staff'] }
  })
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

const atGlobex = (name: string) => person(name, { sub: `${name}-at-globex` })

/** An account that Acme signs in to, and its id. */
async function newAccount(name: string): Promise<unknown> {
  const page = await stage.newVisitor()
  await stage.enterBy(page, 'acme', person(name))
  await expectArrival(stage, page)
  return stage.told()['sub']
}

/** Its person comes by Globex, with the same address. */
async function comesByGlobex(name: string): Promise<Page> {
  const page = await stage.newVisitor()
  await stage.enterBy(page, 'globex', atGlobex(name), `${stage.gateway.hello}/asked`)
  await expectHeading(page, 'You have an account already')
  return page
}

describe('an address that an account has', () => {
  it('is joined to it once the person has shown that it is theirs, and has decided', async () => {
    const id = await newAccount('anna')
    const page = await comesByGlobex('anna')
    expect(await page.textContent('main')).toContain('anna@acme.example at Globex')
    await expectUsable(page, 'join-prove')
    stage.becomes('acme', person('anna'))
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectHeading(page, 'The account is yours. Join the two?')
    await expectUsable(page, 'join-decide')
    await page.getByRole('button', { name: 'Join them' }).click()
    await expectArrival(stage, page, `${stage.gateway.hello}/asked`)
    expect(stage.told()['sub']).toBe(id)
    // From then on it leads there at once.
    const again = await stage.newVisitor()
    await stage.enterBy(again, 'globex', atGlobex('anna'))
    await expectArrival(stage, again)
    expect(stage.told()['sub']).toBe(id)
  })

  it('is joined to it by its password', async () => {
    const invited = await stage.newVisitor()
    await followMail(invited, await stage.mail.waitFor('pia@acme.example', 'invitation'), '/invitation')
    await invited.getByLabel('New password').fill(PASSWORD)
    await invited.getByRole('button', { name: 'Set a password' }).click()
    await invited.waitForURL(`${stage.gateway.login}/`)
    const page = await comesByGlobex('pia')
    await page.getByLabel('Password').fill('not the right one at all')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await expectUsable(page, 'join-wrong-password')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Join them' }).click()
    await expectArrival(stage, page, `${stage.gateway.hello}/asked`)
    expect(stage.told()).toMatchObject({ email: 'pia@acme.example' })
  })

  it.each(['before', 'after'])('stays as it is when the person cancels %s showing it', async (when) => {
    const name = `berta-${when}`
    await newAccount(name)
    const page = await comesByGlobex(name)
    if (when === 'after') {
      stage.becomes('acme', person(name))
      await page.getByRole('link', { name: 'Login with Acme' }).click()
      await page.getByRole('button', { name: 'Join them' }).waitFor()
    }
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expectHeading(page, 'Nothing was changed')
    if (when === 'after') await expectUsable(page, 'join-cancelled')
    await page.goto(stage.gateway.hello)
    expect(new URL(page.url()).origin).toBe(stage.gateway.login)
    await comesByGlobex(name)
  })

  it('is nothing that somebody else’s account can be joined to, and both are named', async () => {
    await newAccount('clara')
    await newAccount('doris')
    const page = await comesByGlobex('clara')
    stage.becomes('acme', person('doris'))
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectHeading(page, 'You signed in as someone else')
    const text = await page.textContent('main')
    expect(text).toContain('clara@acme.example')
    expect(text).toContain('doris@acme.example')
    await expectUsable(page, 'join-other-person')
  })

  it('keeps all others out where linking is denied', async () => {
    await newAccount('emma')
    await stage.gateway.reload(({ identityProviders: { globex } }) => {
      if (globex) globex.linking = 'deny'
    })
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'globex', atGlobex('emma'))
    await expectHeading(page, 'You already have an account here')
    await expectUsable(page, 'refused-account-exists')
    stage.becomes('acme', person('emma'))
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectArrival(stage, page)
  })

  it('is nobody’s who has not shown that it is theirs', async () => {
    const id = await newAccount('fanny')
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'globex', { ...atGlobex('fanny'), email_verified: false })
    await page.getByRole('button', { name: 'Go on without' }).click()
    await expectArrival(stage, page)
    expect(stage.told()['sub']).not.toBe(id)
  })
})

describe('two tabs', () => {
  it('that join both join once', async () => {
    const id = await newAccount('greta')
    const one = await comesByGlobex('greta')
    stage.becomes('acme', person('greta'))
    await one.getByRole('link', { name: 'Login with Acme' }).click()
    await one.getByRole('button', { name: 'Join them' }).waitFor()
    const two = await one.context().newPage()
    await two.goto(one.url())
    await two.getByRole('button', { name: 'Join them' }).waitFor()
    await one.getByRole('button', { name: 'Join them' }).click()
    await expectArrival(stage, one, `${stage.gateway.hello}/asked`)
    await two.getByRole('button', { name: 'Join them' }).click()
    await expectHeading(two, 'This link no longer works')
    expect(stage.told()['sub']).toBe(id)
  })
})
