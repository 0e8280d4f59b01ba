import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { IdentityProviderConfig } from '../../runtime/config.ts'
import { person } from '../runtime/authenticate/accounts-stage.ts'
import { LOOKS } from '../support/chromium.ts'
import { expectUsable } from './usable.ts'
import { expectUsableMail, followMail } from './mail.ts'
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

/** Somebody whose address the provider does not vouch for, who was sent a mail. */
async function waitsForMail(name: string) {
  const page = await stage.newVisitor()
  await stage.enterBy(page, 'acme', person(name, { email_verified: false }))
  await expectHeading(page, 'Check your mail')
  const mail = await stage.mail.waitFor(`${name}@acme.example`, 'verify_email')
  return { page, mail }
}

const confirm = async (page: Page) => {
  await expectHeading(page, 'Is this your address?')
  await page.getByRole('button', { name: 'Yes, it was me' }).click()
}

describe('verify with claim', () => {
  it('takes the provider’s word where it has verified the address', async () => {
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('anna'))
    await expectArrival(stage, page)
    expect(stage.told()).toMatchObject({ email: 'anna@acme.example' })
    expect(stage.mail.mails()).toEqual([])
  })

  it('sends a mail where it has not; its link leads on to the app', async () => {
    const { page, mail } = await waitsForMail('berta')
    expect(await page.textContent('main')).toContain('berta@acme.example')
    await expectUsable(page, 'verify-address')
    const reader = await stage.newVisitor()
    await expectUsableMail(reader, mail, 'mail-verify-address')
    await followMail(page, mail, '/confirm-address')
    await expectUsable(page, 'confirm-address')
    await confirm(page)
    await expectArrival(stage, page)
    expect(stage.told()).toMatchObject({ email: 'berta@acme.example' })
  })

  it('may be answered on a phone, which is not signed in; the desk goes on', async () => {
    const { page, mail } = await waitsForMail('clara')
    await page.getByRole('link', { name: 'I have confirmed it' }).click()
    await page.getByText('The address is not confirmed yet').waitFor()
    await expectUsable(page, 'verify-address-too-early')
    const phone = await stage.newVisitor(LOOKS.phone)
    await followMail(phone, mail, '/confirm-address')
    await confirm(phone)
    await expectHeading(phone, 'The address is confirmed')
    await expectUsable(phone, 'address-confirmed')
    await phone.goto(stage.gateway.hello)
    expect(new URL(phone.url()).origin).toBe(stage.gateway.login)
    await page.getByRole('link', { name: 'I have confirmed it' }).click()
    await expectArrival(stage, page)
    // The link is used up.
    await followMail(phone, mail, '/confirm-address')
    await expectHeading(phone, 'This link no longer works')
    await expectUsable(phone, 'link-used-up')
  })

  it('lets the address’s owner say no, which ends the sign-in that claimed it', async () => {
    const { page, mail } = await waitsForMail('doris')
    const victim = await stage.newVisitor()
    await followMail(victim, mail, '/confirm-address')
    await victim.getByRole('button', { name: 'No, it was not me' }).click()
    await victim.getByText('nobody has your address').waitFor()
    await expectUsable(victim, 'address-refused')
    await page.getByRole('link', { name: 'I have confirmed it' }).click()
    await expectHeading(page, 'This link no longer works')
  })

  it('lets a person go on without, and the app is told no address', async () => {
    const { page } = await waitsForMail('emma')
    await page.getByRole('button', { name: 'Send it again' }).click()
    await page.getByText('We have sent it again').waitFor()
    await stage.mail.waitFor('emma@acme.example', 'verify_email')
    await page.getByRole('button', { name: 'Go on without' }).click()
    await expectArrival(stage, page)
    expect(stage.told()['email'] ?? '').toBe('')
  })

  it('has to be answered where domains are restricted', async () => {
    await acmeIs({ allowedDomains: ['acme.example'] })
    const { page, mail } = await waitsForMail('fanny')
    expect(await page.getByRole('button', { name: 'Go on without' }).count()).toBe(0)
    await followMail(page, mail, '/confirm-address')
    await confirm(page)
    await expectArrival(stage, page)
  })
})

describe('trust IdP', () => {
  it('takes an address of the provider’s domains that it says nothing about', async () => {
    await acmeIs({ emailTrust: 'trust-idp', allowedDomains: ['acme.example'] })
    const sent = stage.mail.mails().length
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('greta', { email_verified: undefined }))
    await expectArrival(stage, page)
    expect(stage.told()).toMatchObject({ email: 'greta@acme.example' })
    expect(stage.mail.mails()).toHaveLength(sent)
  })
})

describe('always verify', () => {
  it('sends a mail whatever the provider says, once for each address', async () => {
    await acmeIs({ emailTrust: 'always-verify' })
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('hanna'))
    await expectHeading(page, 'Check your mail')
    await followMail(page, await stage.mail.waitFor('hanna@acme.example', 'verify_email'), '/confirm-address')
    await confirm(page)
    await expectArrival(stage, page)
    const elsewhere = await stage.newVisitor()
    await stage.enterBy(elsewhere, 'acme', person('hanna'))
    await expectArrival(stage, elsewhere)
  })
})

describe('a mail that cannot be sent', () => {
  it('loses nothing: the page says so, and sends it once that works', async () => {
    const { mail: working } = stage.gateway.config
    await stage.gateway.reload((config) => {
      if (config.mail) config.mail = { ...config.mail, port: 9 }
    })
    const page = await stage.newVisitor()
    await stage.enterBy(page, 'acme', person('irma', { email_verified: false }))
    await expectHeading(page, 'Confirm your address')
    expect(await page.textContent('main')).toContain('Nothing is lost')
    await expectUsable(page, 'verify-address-mail-failed')
    await stage.gateway.reload((config) => {
      config.mail = working
    })
    await page.getByRole('button', { name: 'Send it again' }).click()
    await page.getByText('We have sent it again').waitFor()
    await followMail(page, await stage.mail.waitFor('irma@acme.example', 'verify_email'), '/confirm-address')
    await confirm(page)
    await expectArrival(stage, page)
  })
})
