import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createAuthenticator } from '../../support/authenticator.ts'
import { createBrowser, type Page } from '../../support/browser.ts'
import { formsOf, shown, submit } from '../../support/visitor.ts'
import { type AccountsStage, linkIn, startAccountsStage } from './accounts-stage.ts'

const PASSWORD = 'seven green lamps by the river'

let stage: AccountsStage
beforeAll(async () => {
  stage = await startAccountsStage((config) => {
    for (const brand of Object.values(config.brands)) Object.assign(brand, { password: 'break_glass', passkeys: false })
    config.admins = '"operators" in user.groups'
    const account = (name: string, groups: string[]) => ({
      brand: 'default',
      email: `${name}@own.example`,
      name,
      groups,
    })
    config.accounts['root'] = account('root', ['operators', 'staff'])
    config.accounts['deputy'] = account('deputy', ['operators'])
    config.accounts['clerk'] = account('clerk', ['staff'])
  })
})
afterAll(() => stage.close())

function passkeyRequest(page: Page): string {
  return formsOf(page).find(({ passkey }) => passkey !== undefined)?.passkey ?? ''
}

describe('an emergency sign-in', () => {
  it('wants password and passkey of an administrator, and tells of itself', async () => {
    const { login } = stage.gateway
    const mail = await stage.mail.waitFor('root@own.example', 'invitation')
    const browser = createBrowser()
    const invited = await browser.open(linkIn(mail.text, '/invitation'))
    const next = await submit(browser, invited, '/invitation/password', { password: PASSWORD })
    expect(shown(next)).toContain('Signing in here needs a passkey beside it')
    const authenticator = createAuthenticator()
    await submit(browser, next, '/invitation/passkey', {
      credential: authenticator.create(passkeyRequest(next), { origin: login }),
    })
    // Setting them up signs nobody in.
    expect(await browser.jar.getCookieString(login)).not.toContain('-session')

    const first = await browser.open(`${login}/sign-in/break-glass`)
    expect(shown(first)).toContain('Emergency sign-in')
    const second = await submit(browser, first, '/sign-in/break-glass', {
      email: 'root@own.example',
      password: PASSWORD,
    })
    expect(shown(second)).toContain('Now your passkey')
    expect(await browser.jar.getCookieString(login)).not.toContain('-session')
    const other = createAuthenticator().get(passkeyRequest(second), { origin: login })
    expect((await submit(browser, second, '/sign-in/break-glass/passkey', { credential: other })).status).toBe(403)

    const third = await submit(browser, first, '/sign-in/break-glass', {
      email: 'root@own.example',
      password: PASSWORD,
    })
    const credential = authenticator.get(passkeyRequest(third), { origin: login })
    const done = await submit(browser, third, '/sign-in/break-glass/passkey', { credential })
    expect(done.url).toBe(`${login}/`)
    expect(stage.gateway.log()).toContain('"alert":"break_glass"')
    for (const name of ['root', 'deputy']) await stage.mail.waitFor(`${name}@own.example`, 'security_notice')
    expect((await browser.open(`${stage.gateway.hello}/`)).status).toBe(200)
  })

  it('gives nobody else a password: who is no administrator is offered providers alone', async () => {
    const mail = await stage.mail.waitFor('clerk@own.example', 'invitation')
    const browser = createBrowser()
    const invited = await browser.open(linkIn(mail.text, '/invitation'))
    expect(formsOf(invited)).toEqual([])
    expect(invited.text).toContain('/sign-in/acme')
  })

  it('answers a wrong password and an unknown address alike', async () => {
    const browser = createBrowser()
    const first = await browser.open(`${stage.gateway.login}/sign-in/break-glass`)
    const answers = await Promise.all(
      ['root@own.example', 'nobody@own.example'].map((email) =>
        submit(browser, first, '/sign-in/break-glass', { email, password: 'not the right one at all' }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    expect(shown(answers[0]!)).toBe(shown(answers[1]!))
  })

  it('is on no page, and the password of every day is refused', async () => {
    const browser = createBrowser()
    const page = await browser.open(`${stage.gateway.login}/sign-in`)
    expect(page.text).not.toContain('break-glass')
    expect(page.text).not.toContain('type="password"')
    const answer = await browser.open(`${stage.gateway.login}/sign-in/password`, {
      method: 'POST',
      headers: { origin: stage.gateway.login, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: 'root@own.example', password: PASSWORD }).toString(),
    })
    expect(answer.status).toBe(404)
  })

  it('is not there where passwords are off', async () => {
    await stage.gateway.reload((config) => {
      for (const brand of Object.values(config.brands)) brand.password = 'off'
    })
    expect((await createBrowser().open(`${stage.gateway.login}/sign-in/break-glass`)).status).toBe(404)
    await stage.gateway.reload(() => undefined)
  })
})
