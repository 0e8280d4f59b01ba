import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { brandAt } from '../../support/release.ts'
import { formsOf, linkTo, shown, submit } from '../../support/visitor.ts'
import { type AccountsStage, linkIn, person, startAccountsStage } from './accounts-stage.ts'

// What docs/federated-login.md says of whole journeys, where no other test takes them from their beginning to their end.

const PASSWORD = 'seven green lamps by the river'

let stage: AccountsStage
let other = ''
beforeAll(async () => {
  stage = await startAccountsStage((config) => {
    config.accounts['anna'] = { brand: 'default', email: 'anna@own.example', name: 'Anna', groups: ['staff'] }
    config.accounts['berta'] = { brand: 'default', email: 'berta@acme.example', name: 'Berta', groups: [] }
    other = `http://other.gw.localhost:${config.listen.port}`
    config.brands['other'] = { ...brandAt(other, []), name: 'Other', password: 'on', passkeys: true }
  })
})
afterEach(() => stage.gateway.reload(() => undefined))
afterAll(() => stage.close())

const changed = (id: 'acme' | 'globex', change: object) =>
  stage.gateway.reload(({ identityProviders: { [id]: provider } }) => {
    if (provider) Object.assign(provider, change)
  })

describe('somebody with a password', () => {
  it('connects a provider on the security page, signs in by it, and may disconnect it as the password stays', async () => {
    const { login } = stage.gateway
    const invitation = await stage.mail.waitFor('anna@own.example', 'invitation')
    const invited = createBrowser()
    await submit(invited, await invited.open(linkIn(invitation.text, '/invitation')), '/invitation/password', {
      password: PASSWORD,
    })
    const browser = createBrowser()
    await submit(browser, await browser.open(`${login}/sign-in`), '/sign-in/password', {
      email: 'anna@own.example',
      password: PASSWORD,
    })
    stage.globex.behaviour.person = person('anna-at-globex', { email: 'anna@globex.example' })
    const security = await browser.open(`${login}/account/security`)
    expect(shown(security)).toContain('No account elsewhere is connected.')
    const connected = await submit(browser, security, '/account/security/connect', { provider: 'globex' })
    // Which one, its address, since when.
    expect(shown(connected)).toMatch(/Globex new anna@globex\.example [^@]*\d{4}/)
    expect((await stage.signInBy('globex', stage.globex.behaviour.person)).page.url).toBe(`${stage.gateway.hello}/`)

    const question = await browser.open(linkTo(connected, '/account/security/connected/'))
    const done = await submit(browser, question, '/account/security/connected/')
    expect(shown(done)).toContain('The account is disconnected.')
    expect(shown(done)).toContain('No account elsewhere is connected.')
  })
})

describe('an account that begins with a sign-in', () => {
  it('has all seven fields of its profile of the claims that providers usually send', async () => {
    const { browser } = await stage.signInBy(
      'acme',
      person('clara', {
        name: 'Clara Clay',
        preferred_username: 'clara.clay',
        picture: 'https://acme.example/clara.png',
        website: 'https://clara.example',
        organization: 'Acme',
        locale: 'de-AT',
      }),
    )
    const { login } = stage.gateway
    const page = await submit(browser, await browser.open(`${login}/account/data`), '/account/data/export')
    expect(JSON.parse(page.text)).toMatchObject({
      account: {
        email: 'clara@acme.example',
        profile: {
          name: 'Clara Clay',
          username: 'clara.clay',
          picture: 'https://acme.example/clara.png',
          website: 'https://clara.example/',
          company: 'Acme',
          location: 'de-AT',
        },
      },
    })
  })
})

describe('a provider that is match-only', () => {
  it('lets in whoever has an account already, and tells others whom to ask', async () => {
    await changed('acme', { provisioning: 'match-only' })
    const refused = await stage.signInBy('acme', person('stranger'))
    expect(refused.page.status).toBe(403)
    expect(shown(refused.page)).toMatch(/no account.*administrator/i)
    expect(stage.gateway.log()).toContain('"code":"not_provisioned"')
    const { page } = await stage.signInBy('acme', person('berta'))
    expect(page.url).toBe(`${stage.gateway.hello}/`)
  })
})

describe('a provider that is trusted', () => {
  it('has its addresses believed without a claim, and nobody is sent a mail', async () => {
    await changed('acme', { emailTrust: 'trust-idp', allowedDomains: ['acme.example'] })
    const { browser, page } = await stage.signInBy('acme', person('dora', { email_verified: undefined }))
    expect(page.url).toBe(`${stage.gateway.hello}/`)
    expect(shown(await browser.open(`${stage.gateway.login}/account`))).toContain('dora@acme.example')
    expect(stage.mail.mails().filter(({ recipients }) => recipients.includes('dora@acme.example'))).toEqual([])
  })
})

describe('a brand', () => {
  it('offers the providers that it names, under their buttons’ own words, and one that names none offers none', async () => {
    await changed('globex', { buttonText: 'Employee login' })
    const here = await createBrowser().open(`${stage.gateway.login}/sign-in`)
    expect(shown(here)).toMatch(/Or continue with .*Login with Acme .*Employee login/)
    const there = await createBrowser().open(`${other}/sign-in`)
    expect(formsOf(there).map(({ action }) => new URL(action).pathname)).toEqual([
      '/sign-in/password',
      '/sign-in/passkey',
    ])
    expect(shown(there)).not.toContain('Or continue with')
    const before = stage.acme.authorizationRequests.length
    expect((await createBrowser().open(`${other}/sign-in/acme`)).status).toBe(404)
    expect(stage.acme.authorizationRequests.length).toBe(before)
  })
})

describe('a client whose secret is wrong', () => {
  it('lets nobody in and says so by its code, and the next try works once the provider takes it', async () => {
    const good = stage.acme.behaviour.clientSecrets
    stage.acme.behaviour.clientSecrets = ['another']
    const { browser, page } = await stage.signInBy('acme', person('emma'))
    stage.acme.behaviour.clientSecrets = good
    expect(page.status).toBe(502)
    expect(stage.gateway.log()).toContain('"code":"client_refused"')
    const again = await browser.open(linkTo(page, '/sign-in'))
    expect((await browser.open(linkTo(again, '/sign-in/acme'))).url).toBe(`${stage.gateway.hello}/`)
  })
})
