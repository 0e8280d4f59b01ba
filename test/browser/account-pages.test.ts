import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { person } from '../runtime/authenticate/accounts-stage.ts'
import { LOOKS } from '../support/chromium.ts'
import { expectUsable } from './usable.ts'
import { type BrowserStage, expectArrival, expectHeading, PASSWORD, startBrowserStage } from './stage.ts'
import { addAuthenticator } from './virtual-authenticator.ts'

let stage: BrowserStage
beforeAll(async () => {
  stage = await startBrowserStage()
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

/** Somebody who has just signed in by Acme, at a page of their account. */
async function atAccount(name: string, path = ''): Promise<Page> {
  const page = await stage.newVisitor()
  await stage.enterBy(page, 'acme', person(name, { name: 'Alice Archer' }))
  await expectArrival(stage, page)
  await page.goto(`${stage.gateway.login}/account${path}`)
  return page
}

async function connectGlobex(page: Page, name: string): Promise<void> {
  stage.becomes('globex', person(`${name}-at-globex`, { email: `${name}@globex.example` }))
  await page.getByRole('button', { name: 'Connect Globex' }).click()
}

const rowOf = (page: Page, provider: string) => page.getByRole('row').filter({ hasText: provider })

describe('connected accounts', () => {
  it('are linked from the account page, with a mail about it, and sign in from then on', async () => {
    const page = await atAccount('anna', '/security')
    const id = stage.told()['sub']
    await expectUsable(page, 'account-security')
    await connectGlobex(page, 'anna')
    await page.getByText('Globex is connected.').waitFor()
    expect(await rowOf(page, 'Globex').textContent()).toContain('anna@globex.example')
    expect(await page.getByRole('button', { name: 'Connect Globex' }).count()).toBe(0)
    await expectUsable(page, 'account-security-connected')
    await stage.mail.waitFor('anna@acme.example', 'security_notice')
    const elsewhere = await stage.newVisitor()
    await stage.enterBy(elsewhere, 'globex', person('anna-at-globex', { email: 'anna@globex.example' }))
    await expectArrival(stage, elsewhere)
    expect(stage.told()['sub']).toBe(id)
  })

  it('of somebody else are refused without telling whose', async () => {
    const first = await atAccount('berta', '/security')
    await connectGlobex(first, 'shared')
    await first.getByText('Globex is connected.').waitFor()
    const second = await atAccount('clara', '/security')
    await connectGlobex(second, 'shared')
    await expectHeading(second, 'This account is connected already')
    expect(await second.content()).not.toContain('berta')
    await expectUsable(second, 'account-identity-in-use')
  })

  it('stay where they are the only way in, and the page says what to do', async () => {
    const page = await atAccount('doris', '/security')
    await rowOf(page, 'Acme').getByRole('link', { name: 'Disconnect' }).click()
    await expectHeading(page, 'Your only way in')
    await expectUsable(page, 'account-only-way-in')
    await page.getByRole('link', { name: 'Set a password' }).click()
    await expectUsable(page, 'account-set-password')
    await page.getByLabel('New password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('Your password is set.').waitFor()
    await rowOf(page, 'Acme').getByRole('link', { name: 'Disconnect' }).click()
    await expectUsable(page, 'account-disconnect')
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('The account is disconnected.').waitFor()
    expect(await rowOf(page, 'Acme').count()).toBe(0)
  })

  it('are not both taken away by two tabs', async () => {
    const one = await atAccount('emma', '/security')
    await connectGlobex(one, 'emma')
    await one.getByText('Globex is connected.').waitFor()
    const two = await one.context().newPage()
    await two.goto(`${stage.gateway.login}/account/security`)
    await rowOf(one, 'Acme').getByRole('link', { name: 'Disconnect' }).click()
    await rowOf(two, 'Globex').getByRole('link', { name: 'Disconnect' }).click()
    await one.getByRole('button', { name: 'Disconnect' }).waitFor()
    await two.getByRole('button', { name: 'Disconnect' }).waitFor()
    await one.getByRole('button', { name: 'Disconnect' }).click()
    await one.getByText('The account is disconnected.').waitFor()
    await two.getByRole('button', { name: 'Disconnect' }).click()
    await expectHeading(two, 'Your only way in')
    await two.goto(`${stage.gateway.login}/account/security`)
    expect(await rowOf(two, 'Globex').count()).toBe(1)
  })

  it('stay where the other provider is disabled', async () => {
    const page = await atAccount('fanny', '/security')
    await connectGlobex(page, 'fanny')
    await page.getByText('Globex is connected.').waitFor()
    await stage.gateway.reload(({ identityProviders: { globex } }) => {
      if (globex) globex.enabled = false
    })
    await page.goto(`${stage.gateway.login}/account/security`)
    await page.getByText('does not work at present').waitFor()
    await rowOf(page, 'Acme').getByRole('link', { name: 'Disconnect' }).click()
    await expectHeading(page, 'Your only way in')
  })

  it('are linked only soon after a sign-in: the person signs in once more and comes back', async () => {
    const page = await stage.newVisitor()
    stage.becomes('acme', person('greta'))
    stage.acme.behaviour.claims = (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1_000) - 3_600 })
    await page.goto(stage.gateway.hello)
    await page.getByRole('link', { name: 'Login with Acme' }).click()
    await expectArrival(stage, page)
    await page.goto(`${stage.gateway.login}/account/security`)
    await page.getByRole('button', { name: 'Connect Globex' }).click()
    await expectHeading(page, 'Please confirm that it is you')
    await expectUsable(page, 'account-sign-in-again')
    stage.becomes('acme', person('greta'))
    // The provider that they came by is asked at once.
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.waitForURL(`${stage.gateway.login}/account/security`)
    await connectGlobex(page, 'greta')
    await page.getByText('Globex is connected.').waitFor()
  })
})

describe('a passkey', () => {
  it('is added, renamed and removed', async () => {
    const page = await atAccount('hanna', '/security')
    const authenticator = await addAuthenticator(page)
    await page.getByRole('link', { name: 'Add a passkey' }).click()
    await expectUsable(page, 'account-new-passkey')
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await page.getByText('The passkey is added.').waitFor()
    expect(await authenticator.count()).toBe(1)
    await page.getByRole('link', { name: 'Rename' }).click()
    await expectUsable(page, 'account-rename-passkey')
    await page.getByLabel('Name').fill('Key ring')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The passkey has a new name.').waitFor()
    await rowOf(page, 'Key ring').getByRole('link', { name: 'Remove' }).click()
    await expectUsable(page, 'account-remove-passkey')
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('The passkey is removed.').waitFor()
  })
})

describe('the profile', () => {
  it('keeps what the person changes, through the next sign-in, until they give it back', async () => {
    const page = await atAccount('irma')
    await expectUsable(page, 'account-profile')
    await page.getByLabel(/^Name /).fill('Irma of the Hills')
    await page.getByLabel('Website').fill('https://irma.example')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Your changes are saved.').waitFor()
    await expectUsable(page, 'account-profile-changed')
    await page.context().clearCookies()
    await stage.enterBy(page, 'acme', person('irma', { name: 'Alice Archer' }))
    await expectArrival(stage, page)
    await page.goto(`${stage.gateway.login}/account`)
    expect(await page.textContent('main')).toContain('Irma of the Hills')
    await page.getByRole('button', { name: 'Use what my sign-in says' }).first().click()
    await page.getByText('The field follows your sign-in again').waitFor()
  })
})

describe('sessions', () => {
  it('say where and by what device, and are ended from another one', async () => {
    const page = await atAccount('judith')
    const phone = await stage.newVisitor({ ...LOOKS.phone, userAgent: PHONE })
    await stage.enterBy(phone, 'acme', person('judith'))
    await expectArrival(stage, phone)
    await page.goto(`${stage.gateway.login}/account/sessions`)
    expect(await page.textContent('main')).toContain('Safari on iPhone')
    await expectUsable(page, 'account-sessions')
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByText('All other devices are signed out.').waitFor()
    await phone.goto(stage.gateway.hello)
    expect(new URL(phone.url()).origin).toBe(stage.gateway.login)
    await page.reload()
    expect(await page.getByRole('row').count()).toBe(2)
  })
})

describe('one’s data', () => {
  it('is taken along as a file, and the account is deleted for good', async () => {
    const page = await atAccount('karla', '/data')
    await expectUsable(page, 'account-data')
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    const chunks: Buffer[] = []
    for await (const chunk of await (await coming).createReadStream()) chunks.push(chunk as Buffer)
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ account: { email: 'karla@acme.example' } })
    await page.getByRole('link', { name: 'Delete account' }).click()
    await expectUsable(page, 'account-delete')
    await page.getByRole('textbox').fill('something else')
    await page.getByRole('button', { name: 'Delete my account for good' }).click()
    await page.getByText('Nothing was deleted.').waitFor()
    await page.getByRole('textbox').fill('karla@acme.example')
    await page.getByRole('button', { name: 'Delete my account for good' }).click()
    await expectHeading(page, 'Your account is deleted')
    await expectUsable(page, 'account-deleted')
    await page.goto(stage.gateway.hello)
    expect(new URL(page.url()).origin).toBe(stage.gateway.login)
  })
})

/** What a phone says of itself. */
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
