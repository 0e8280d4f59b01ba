import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { expectUsable } from './usable.ts'
import { followMail } from './mail.ts'
import { type BrowserStage, expectArrival, expectHeading, PASSWORD, startBrowserStage } from './stage.ts'
import { addAuthenticator, type VirtualAuthenticator } from './virtual-authenticator.ts'

let stage: BrowserStage
beforeAll(async () => {
  stage = await startBrowserStage((config) => {
    config.admins = '"operators" in user.groups'
    for (const [name, groups] of Object.entries({ anna: ['staff'], berta: ['staff'], root: ['operators', 'staff'] })) {
      config.accounts[name] = { brand: 'default', email: `${name}@own.example`, name, groups }
    }
  })
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

/** Somebody with an authenticator, at the page that their invitation leads to. */
async function invited(name: string): Promise<{ page: Page; authenticator: VirtualAuthenticator }> {
  const page = await stage.newVisitor()
  const authenticator = await addAuthenticator(page)
  await followMail(page, await stage.mail.waitFor(`${name}@own.example`, 'invitation'), '/invitation')
  return { page, authenticator }
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${stage.gateway.login}/sign-out`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expectHeading(page, 'You are signed out')
}

describe('a passkey', () => {
  it('is made from an invitation and signs in, by its button and in the address field', async () => {
    const { page, authenticator } = await invited('anna')
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await page.waitForURL(`${stage.gateway.login}/`)
    expect(await authenticator.count()).toBe(1)
    await signOut(page)

    // Without an address field nothing offers it but the button.
    await stage.gateway.reload(({ brands }) => {
      for (const brand of Object.values(brands)) brand.password = 'off'
    })
    await page.goto(`${stage.gateway.hello}/by-passkey`)
    await expectUsable(page, 'sign-in-without-password')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await expectArrival(stage, page, `${stage.gateway.hello}/by-passkey`)
    expect(stage.told()).toMatchObject({ email: 'anna@own.example', groups: ['staff'] })
    await signOut(page)

    await stage.gateway.reload(() => undefined)
    await page.goto(`${stage.gateway.hello}/by-itself`)
    await expectArrival(stage, page, `${stage.gateway.hello}/by-itself`)
  })

  it('that does not recognize its person signs nobody in, and the page says so', async () => {
    const { page, authenticator } = await invited('berta')
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await page.waitForURL(`${stage.gateway.login}/`)
    await signOut(page)
    await authenticator.recognizes(false)
    await page.goto(stage.gateway.hello)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByText('That passkey did not work').waitFor()
    await expectUsable(page, 'passkey-failed')
    await page.goto(stage.gateway.hello)
    expect(new URL(page.url()).origin).toBe(stage.gateway.login)
  })

  it('cannot be used without JavaScript, and the page says so', async () => {
    const page = await stage.newVisitor({ javaScriptEnabled: false })
    await page.goto(stage.gateway.hello)
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0)
    // Chromium counts the element as text where a debugger has switched JavaScript off: it is not drawn.
    expect(await page.locator('noscript').innerHTML()).toContain('A passkey needs JavaScript')
  })
})

describe('where single sign-on is enforced', () => {
  it('an administrator signs in by password and passkey, at an address that no page names', async () => {
    await stage.gateway.reload(({ brands }) => {
      for (const brand of Object.values(brands)) Object.assign(brand, { password: 'break_glass', passkeys: false })
    })
    const { page } = await invited('root')
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set a password' }).click()
    await expectHeading(page, 'Add a passkey')
    await expectUsable(page, 'invitation-passkey-too')
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/invitation'))

    await page.goto(stage.gateway.hello)
    expect(await page.content()).not.toContain('break-glass')
    expect(await page.getByLabel('Password').count()).toBe(0)
    await page.goto(`${stage.gateway.login}/sign-in/break-glass`)
    await expectUsable(page, 'break-glass')
    await page.getByLabel('Email address').fill('root@own.example')
    await page.getByLabel('Password').fill('not the right one at all')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Email address').fill('root@own.example')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Now your passkey')
    await expectUsable(page, 'break-glass-passkey')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL(`${stage.gateway.login}/`)
    await page.goto(stage.gateway.hello)
    await expectArrival(stage, page)
    await stage.mail.waitFor('root@own.example', 'security_notice')
  })
})
