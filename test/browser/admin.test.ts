import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { person } from '../runtime/authenticate/accounts-stage.ts'
import { expectUsable } from './usable.ts'
import { LOGO } from './gallery.ts'
import { pressTabUntil } from './keyboard.ts'
import { expectUsableMail, followMail } from './mail.ts'
import { type BrowserStage, expectArrival, expectHeading, PASSWORD, startBrowserStage } from './stage.ts'

let stage: BrowserStage
beforeAll(async () => {
  stage = await startBrowserStage((config) => {
    config.admins = '"admins" in user.groups'
    const { acme, globex } = config.identityProviders
    if (!acme || !globex) throw new Error('there is no provider acme or globex')
    Object.assign(acme, { description: 'Run by IT', allowedDomains: ['acme.example'], ...(LOGO ? { logo: LOGO } : {}) })
    Object.assign(globex, { enabled: false, provisioning: 'match-only' })
  })
})
const honest = {
  discovery: (document: Record<string, unknown>) => document,
  clientSecrets: ['client-secret-value-first'],
}
afterEach(async () => {
  Object.assign(stage.acme.behaviour, honest)
  await stage.gateway.reload(() => undefined)
})
afterAll(() => stage.close())

/** An administrator at a page of administration. */
async function administrator(path = ''): Promise<Page> {
  const page = await stage.newVisitor({ permissions: ['clipboard-read', 'clipboard-write'] })
  await stage.enterBy(page, 'acme', person('carol', { name: 'Carol Cooper', groups: ['staff', 'admins'] }))
  await expectArrival(stage, page)
  await page.goto(`${stage.gateway.login}/admin${path}`)
  return page
}

/** Somebody else who has signed in. */
async function newUser(name: string): Promise<Page> {
  const page = await stage.newVisitor()
  await stage.enterBy(page, 'acme', person(name, { name: `${name} Archer` }))
  await expectArrival(stage, page)
  return page
}

describe('administration', () => {
  it('has pages that everybody can use, by day, at night and on a phone', async () => {
    await newUser('anna')
    const page = await administrator()
    await expectUsable(page, 'admin-overview')
    for (const [name, picture] of [
      ['Identity providers', 'admin-identity-providers'],
      ['Users', 'admin-users'],
      ['Sessions', 'admin-sessions'],
      ['Audit log', 'admin-audit-log'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name }).click()
      await page.getByRole('heading', { name, level: 1 }).waitFor()
      await expectUsable(page, picture)
    }
  })

  it('is reached by the keyboard alone', async () => {
    const page = await administrator()
    await pressTabUntil(page, 'Users')
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Users')
    await pressTabUntil(page, 'Carol Cooper')
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Carol Cooper')
  })

  it('is not there for anybody else, signed in or not', async () => {
    const page = await newUser('berta')
    await page.goto(`${stage.gateway.login}/admin`)
    expect(await page.textContent('main')).not.toContain('Identity providers')
    await expectUsable(page, 'admin-refused')
    const stranger = await stage.newVisitor()
    await stranger.goto(`${stage.gateway.login}/admin`)
    await expectHeading(stranger, 'Sign in')
  })
})

describe('an identity provider', () => {
  it('has every setting with the key that sets it, and a callback URL to copy', async () => {
    const page = await administrator('/identity-providers/acme')
    const text = ((await page.textContent('main')) ?? '').replaceAll('\u200b', '')
    for (const said of ['stacks/Pulumi.test.yaml', 'Run by IT', 'gateway-client', '••••••••', 'acme.example']) {
      expect(text).toContain(said)
    }
    expect(await page.content()).not.toContain('client-secret-value')
    await expectUsable(page, 'admin-identity-provider')
    await page.getByRole('button', { name: 'Copy' }).first().click()
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${stage.gateway.login}/callback/acme`)
  })

  /** @param change made once the administrator is there */
  async function tested(id: 'acme' | 'globex', change?: () => void): Promise<{ page: Page; text: string }> {
    const page = await administrator(`/identity-providers/${id}`)
    change?.()
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByRole('heading', { name: 'Connection test' }).waitFor()
    return { page, text: (await page.textContent('main')) ?? '' }
  }

  it('that works is found good, with what it says of itself', async () => {
    const { page, text } = await tested('acme')
    const { issuer } = stage.acme
    for (const said of [issuer, `${issuer}/authorize`, `${issuer}/token`, `${issuer}/jwks`, '1 key', 'RS256']) {
      expect(text).toContain(said)
    }
    expect(text).toContain('The connection works.')
    await expectUsable(page, 'admin-test-good')
  })

  it.each([
    ['is not there', 'unreachable', () => 'http://idp.gw.localhost:9', /got no answer/],
    ['has no discovery document', 'no-document', () => `${stage.acme.issuer}/nowhere`, /404/],
  ])('that %s is found wrong, and what to do is said', async (_, picture, issuer, says) => {
    // Not the one that the administrator came by: their session would end.
    await stage.gateway.reload(({ identityProviders: { globex } }) => {
      if (globex) globex.issuer = issuer()
    })
    const { page, text } = await tested('globex')
    await foundWrong(page, picture)
    expect(text).toMatch(says)
  })

  it.each<[string, string, () => void, RegExp]>([
    [
      'has another issuer’s document',
      'other-issuer',
      () => {
        stage.acme.behaviour.discovery = (document) => ({ ...document, issuer: 'https://other.example' })
      },
      /issuer_mismatch/,
    ],
    [
      'does not take the client’s secret',
      'wrong-secret',
      () => {
        stage.acme.behaviour.clientSecrets = ['another']
      },
      /client_refused|invalid_client/,
    ],
  ])('that %s is found wrong, and what to do is said', async (_, picture, change, says) => {
    const { page, text } = await tested('acme', change)
    await foundWrong(page, picture)
    expect(text).toMatch(says)
  })

  async function foundWrong(page: Page, picture: string): Promise<void> {
    await page.getByText('People cannot sign in with this provider as it stands.').waitFor()
    expect(await page.content()).not.toContain('client-secret-value')
    await expectUsable(page, `admin-test-${picture}`)
    await page.goto(`${stage.gateway.login}/admin/audit?action=provider.tested`)
    expect(await page.getByRole('row').nth(1).textContent()).toContain('wrong')
  }
})

describe('a user', () => {
  it('is found, suspended, which signs them out, and let in again', async () => {
    const user = await newUser('clara')
    const page = await administrator('/users')
    await page.getByLabel('Address, name or id').fill('clara@acme')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'clara Archer' }).click()
    await expectUsable(page, 'admin-user')
    await page.getByRole('button', { name: 'Suspend' }).click()
    await page.getByText('The account is suspended, and signed out everywhere.').waitFor()
    await expectUsable(page, 'admin-user-suspended')
    await stage.enterBy(user, 'acme', person('clara'))
    await expectHeading(user, 'Your account is suspended')
    await expectUsable(user, 'refused-suspended')
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('The account is active again.').waitFor()
    await stage.enterBy(user, 'acme', person('clara'))
    await expectArrival(stage, user)
  })

  it('is invited by mail, and comes in', async () => {
    const page = await administrator('/users')
    await page.getByRole('link', { name: 'Invite a user' }).click()
    await expectUsable(page, 'admin-invite')
    await page.getByLabel('Address').fill('doris@own.example')
    await page.getByLabel('Name').fill('Doris Day')
    await page.getByLabel('Groups').fill('staff')
    await page.getByRole('button', { name: 'Send the invitation' }).click()
    await page.getByText('The invitation is on its way.').waitFor()
    const mail = await stage.mail.waitFor('doris@own.example', 'invitation')
    expect(mail.text).toMatch(/carol@.* has invited you/)
    const invited = await stage.newVisitor()
    await expectUsableMail(invited, mail, 'mail-invitation-by-somebody')
    await followMail(invited, mail, '/invitation')
    await invited.getByLabel('New password').fill(PASSWORD)
    await invited.keyboard.press('Enter')
    await invited.waitForURL(`${stage.gateway.login}/`)
    await invited.goto(stage.gateway.hello)
    await expectArrival(stage, invited)
    expect(stage.told()).toMatchObject({ email: 'doris@own.example', name: 'Doris Day', groups: ['staff'] })
  })

  it('is deleted after a question, which offers their data first', async () => {
    await newUser('emma')
    const page = await administrator('/users?q=emma')
    await page.getByRole('link', { name: 'emma Archer' }).click()
    await page.getByRole('link', { name: 'Delete…' }).click()
    await expectUsable(page, 'admin-delete-user')
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export data (JSON)' }).click()
    expect((await coming).suggestedFilename()).toBe('account.json')
    await page.getByRole('button', { name: 'Delete the account' }).click()
    await page.getByText('The account is deleted').waitFor()
    await page.goto(`${stage.gateway.login}/admin/users?q=emma`)
    await page.getByText('Nobody was found.').waitFor()
    await page.goto(`${stage.gateway.login}/admin/audit?action=account.deleted`)
    expect(await page.getByRole('row').nth(1).textContent()).toContain('account.deleted')
  })
})
