import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createAuthenticator } from '../../support/authenticator.ts'
import { createBrowser, type Page } from '../../support/browser.ts'
import { formsOf, shown, submit } from '../../support/visitor.ts'
import { ANOTHER, type AccountStage, PASSWORD, pathOf, type Somebody, startAccountStage } from './account-stage.ts'

let stage: AccountStage
beforeAll(async () => {
  stage = await startAccountStage()
})
afterAll(() => stage.close())

describe('a password', () => {
  it('is set by whoever has none, and signs in; all other sessions end', async () => {
    const who = await stage.visitor()
    const elsewhere = await stage.visitor(who)
    expect(shown(await stage.account(who.browser, '/security'))).toContain('You have no password.')
    const page = await stage.done(who.browser, '/security/password', { next: PASSWORD })
    expect(shown(page)).toContain('Your password is set.')
    expect(shown(page)).toContain('Last changed')
    expect((await stage.mail.waitFor(who.email, 'security_notice')).text).toContain('new password')
    expect((await stage.account(elsewhere.browser, '')).status).toBe(303)
    expect((await stage.account(who.browser, '')).status).toBe(200)
  })

  it('is changed by whoever knows the present one alone', async () => {
    const who = await stage.visitor()
    await stage.done(who.browser, '/security/password', { next: PASSWORD })
    for (const present of ['', 'another one that is wrong']) {
      const page = await stage.account(who.browser, '/security/password', { present, next: ANOTHER })
      expect(page.status).toBe(422)
      expect(shown(page)).toContain('That is not your present password.')
    }
    const { events } = await stage.exported(who.browser)
    expect(events.filter(({ action }) => action === 'password.set')).toHaveLength(1)
    await stage.done(who.browser, '/security/password', { present: PASSWORD, next: ANOTHER })
    await stage.done(who.browser, '/security/password', { present: ANOTHER, next: PASSWORD })
  })

  it.each([
    ['too short', 'short', 'Use 12 characters or more'],
    ['too long', 'a1 '.repeat(50), 'Use 128 characters at most'],
    ['known to everybody', 'password1234', 'Too many people would try that one'],
  ])('that is %s is refused, and none is set', async (_, next, text) => {
    const who = await stage.visitor()
    const page = await stage.account(who.browser, '/security/password', { next })
    expect(page.status).toBe(422)
    expect(shown(page)).toContain(text)
    expect(page.text).not.toContain(`value="${next}"`)
    expect((await stage.exported(who.browser)).account).toMatchObject({ hasPassword: false })
  })

  it('is removed by whoever has another way in, and kept as the only one', async () => {
    const who = await stage.visitor()
    expect((await stage.account(who.browser, '/security/password/remove', {})).status).toBe(404)
    await stage.done(who.browser, '/security/password', { next: PASSWORD })
    const page = await stage.done(who.browser, '/security/password/remove', {})
    expect(shown(page)).toContain('Your password is removed.')
    await stage.done(who.browser, '/security/password', { next: PASSWORD })
    const path = pathOf(await stage.account(who.browser, '/security'), '/security/connected/')
    await stage.done(who.browser, path, {})
    const refused = await stage.account(who.browser, '/security/password/remove', {})
    expect(refused.status).toBe(409)
    expect(shown(refused)).toContain('Without your password you could not sign in any more')
    expect((await stage.exported(who.browser)).account).toMatchObject({ hasPassword: true })
  })

  it('is offered to nobody without a confirmed address', async () => {
    const claims = { sub: 'nobody', name: 'Nobody', groups: ['staff'] }
    const who = await stage.visitor({ claims })
    expect(shown(await stage.account(who.browser, '/security'))).toContain('needs a confirmed email address')
    expect((await stage.account(who.browser, '/security/password', { next: PASSWORD })).status).toBe(404)
  })

  it('is offered to nobody where the brand has none', async () => {
    const who = await stage.visitor()
    await stage.gateway.reload(({ brands }) => {
      for (const brand of Object.values(brands)) Object.assign(brand, { password: 'off', passkeys: false })
    })
    const page = shown(await stage.account(who.browser, '/security'))
    expect(page).not.toContain('Password')
    expect(page).not.toContain('Passkeys')
    expect((await stage.account(who.browser, '/security/password', { next: PASSWORD })).status).toBe(404)
    expect((await stage.account(who.browser, '/security/new-passkey', {})).status).toBe(404)
    await stage.gateway.reload(() => undefined)
    expect((await stage.exported(who.browser)).account).toMatchObject({ hasPassword: false })
  })
})

/** Adds a passkey as a browser does. @returns the page that says so */
async function addPasskey(browser: Somebody['browser'], authenticator = createAuthenticator()) {
  const page = await stage.account(browser, '/security/new-passkey')
  const { passkey = '' } = formsOf(page).find(({ passkey: asked }) => asked !== undefined) ?? {}
  const credential = authenticator.create(passkey, { origin: stage.gateway.login })
  return { asked: page, credential, page: await submit(browser, page, '/account/security/new-passkey', { credential }) }
}

describe('a passkey', () => {
  it('is added, named by the device, told by mail, and signs in', async () => {
    const who = await stage.visitor()
    const authenticator = createAuthenticator()
    const { page } = await addPasskey(who.browser, authenticator)
    expect(shown(page)).toContain('The passkey is added.')
    expect(await passkeyNames(who)).toEqual(['Passkey'])
    expect((await stage.mail.waitFor(who.email, 'security_notice')).text).toContain('Passkey')
    const fresh = createBrowser()
    const signIn = await fresh.open(`${stage.gateway.login}/sign-in`)
    const { passkey = '' } = formsOf(signIn).find(({ passkey: asked }) => asked !== undefined) ?? {}
    const credential = authenticator.get(passkey, { origin: stage.gateway.login })
    await submit(fresh, signIn, '/sign-in/passkey', { credential })
    expect(shown(await stage.account(fresh, '/sessions'))).toMatch(/this one Passkey/)
  })

  it('is asked for with what the account has, so that a device makes no second', async () => {
    const who = await stage.visitor()
    await addPasskey(who.browser)
    const { asked } = await addPasskey(who.browser)
    const options = formsOf(asked).find(({ passkey }) => passkey !== undefined)?.passkey ?? '{}'
    const { passkeys } = await stage.exported(who.browser)
    expect(JSON.parse(options)).toMatchObject({
      rp: { id: 'login.gw.localhost' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: passkeys[0]?.['id'] }],
    })
    expect(await passkeyNames(who)).toEqual(['Passkey', 'Passkey 2'])
  })

  it.each<[string, (made: Made) => Promise<Page>]>([
    [
      'made for another person’s challenge',
      async ({ who, other, authenticator }) => {
        const page = await stage.account(other.browser, '/security/new-passkey')
        const form = formsOf(page).find(({ passkey }) => passkey !== undefined)
        const credential = authenticator.create(form?.passkey ?? '', { origin: stage.gateway.login })
        return stage.account(who.browser, '/security/new-passkey', { ...form?.fields, credential })
      },
    ],
    [
      'made at another origin',
      async ({ who, authenticator }) => {
        const page = await stage.account(who.browser, '/security/new-passkey')
        const form = formsOf(page).find(({ passkey }) => passkey !== undefined)
        const credential = authenticator.create(form?.passkey ?? '', { origin: stage.gateway.hello })
        return stage.account(who.browser, '/security/new-passkey', { ...form?.fields, credential })
      },
    ],
    [
      'made without the user verified',
      async ({ who, authenticator }) => {
        const page = await stage.account(who.browser, '/security/new-passkey')
        const form = formsOf(page).find(({ passkey }) => passkey !== undefined)
        const answer = { origin: stage.gateway.login, userVerified: false }
        const credential = authenticator.create(form?.passkey ?? '', answer)
        return stage.account(who.browser, '/security/new-passkey', { ...form?.fields, credential })
      },
    ],
    ['nothing at all', ({ who }) => stage.account(who.browser, '/security/new-passkey', {})],
  ])('that is %s is refused, and none is added', async (_, attempt) => {
    const [who, other] = [await stage.visitor(), await stage.visitor()]
    const page = await attempt({ who, other, authenticator: createAuthenticator() })
    expect(page.status).toBe(422)
    expect(shown(page)).toContain('No passkey was made.')
    expect(await passkeyNames(who)).toEqual([])
    expect(await passkeyNames(other)).toEqual([])
  })

  it('is taken once', async () => {
    const who = await stage.visitor()
    const { asked, credential } = await addPasskey(who.browser)
    const again = await submit(who.browser, asked, '/account/security/new-passkey', { credential })
    expect(again.status).toBe(422)
    expect(await passkeyNames(who)).toHaveLength(1)
  })

  it('is renamed in one line, and removed where another way works', async () => {
    const who = await stage.visitor()
    const { page } = await addPasskey(who.browser)
    const path = pathOf(page, '/security/passkeys/')
    const renamed = await stage.done(who.browser, path, { name: ` blue\r\nkey ${'x'.repeat(99)}` })
    expect(shown(renamed)).toContain('The passkey has a new name.')
    const [name] = await passkeyNames(who)
    expect(name).toMatch(/^blue key x+$/)
    expect(String(name).length).toBeLessThanOrEqual(64)
    await stage.done(who.browser, path, { name: ' ' })
    expect(await passkeyNames(who)).toEqual([name])
    expect(shown(await stage.account(who.browser, `${path}/remove`))).toContain('Remove a passkey?')
    await stage.done(who.browser, `${path}/remove`, {})
    expect(await passkeyNames(who)).toEqual([])
    expect((await stage.account(who.browser, `${path}/remove`, {})).status).toBe(404)
  })

  it('of somebody else is not found', async () => {
    const [who, mallory] = [await stage.visitor(), await stage.visitor()]
    const path = pathOf((await addPasskey(who.browser)).page, '/security/passkeys/')
    await addPasskey(mallory.browser)
    for (const way of [path, `${path}/remove`]) {
      expect((await stage.account(mallory.browser, way)).status).toBe(404)
      expect((await stage.account(mallory.browser, way, { name: 'mine' })).status).toBe(404)
    }
    expect(await passkeyNames(who)).toEqual(['Passkey'])
  })

  it('stays where it is the only way in, also when two tabs take both away at once', async () => {
    const who = await stage.visitor()
    const { page } = await addPasskey(who.browser)
    const passkey = pathOf(page, '/security/passkeys/', '/remove')
    const provider = pathOf(page, '/security/connected/')
    const answers = await Promise.all([
      stage.account(who.browser, passkey, {}),
      stage.account(who.browser, provider, {}),
    ])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]))
    const { identities, passkeys } = await stage.exported(who.browser)
    expect(identities.length + passkeys.length).toBe(1)
  })
})

describe('a gateway without mail', () => {
  it('takes changes as well, and promises no mail about them', async () => {
    const who = await stage.visitor()
    expect(shown(await stage.account(who.browser, '/security'))).toContain('We email you about each change.')
    await stage.gateway.reload((config) => {
      delete config.mail
    })
    expect(shown(await stage.account(who.browser, '/security'))).not.toContain('We email you')
    await stage.done(who.browser, '/security/password', { next: PASSWORD })
    expect((await stage.account(who.browser, '/security/password')).text).not.toContain('/reset-password')
    await stage.gateway.reload(() => undefined)
  })
})

describe('ways for emergencies', () => {
  it('are set up by administrators alone', async () => {
    await stage.gateway.reload((config) => {
      config.admins = '"admins" in user.groups'
      for (const brand of Object.values(config.brands))
        Object.assign(brand, { password: 'break_glass', passkeys: false })
    })
    const other = await stage.visitor()
    expect((await stage.account(other.browser, '/security/password', { next: PASSWORD })).status).toBe(404)
    expect((await stage.account(other.browser, '/security/new-passkey')).status).toBe(404)
    const claims = { ...(await stage.visitor()).claims, groups: ['staff', 'admins'] }
    const admin = await stage.visitor({ claims })
    await stage.done(admin.browser, '/security/password', { next: PASSWORD })
    await addPasskey(admin.browser)
    expect(await passkeyNames(admin)).toEqual(['Passkey'])
    // They are no way of every day: what the administrator signs in by stays.
    const provider = pathOf(await stage.account(admin.browser, '/security'), '/security/connected/')
    expect((await stage.account(admin.browser, provider, {})).status).toBe(409)
    await stage.gateway.reload(() => undefined)
  })
})

describe('a sign-in that is not recent', () => {
  it.each(['/security/password', '/security/password/remove', '/security/new-passkey', '/data/delete'])(
    'is asked for once more before /account%s',
    async (path) => {
      const who = await stage.visitor(undefined, 3_600)
      expect((await stage.account(who.browser, '/security')).status).toBe(200)
      const way = `/sign-in?next=${encodeURIComponent(`/account${path}`)}&fresh=1`
      expect((await stage.account(who.browser, path)).headers.get('location')).toBe(way)
      const form = { next: PASSWORD, phrase: who.email }
      const page = await stage.account(who.browser, path, form)
      expect(page.status).toBe(403)
      expect(page.text).toContain(way.replaceAll('&', '&amp;'))
      const { account, passkeys } = await stage.exported(who.browser)
      expect(account).toMatchObject({ hasPassword: false })
      expect(passkeys).toEqual([])
    },
  )

  it.each(['/security/password', '/security/new-passkey', '/data/delete'])(
    'leads back to /account%s once it was shown',
    async (path) => {
      const who = await stage.visitor(undefined, 3_600)
      const page = await who.browser.open(`${stage.gateway.login}/account${path}`)
      expect(page).toMatchObject({ url: `${stage.gateway.login}/account${path}`, status: 200 })
      expect(stage.acme.authorizationRequests.at(-1)?.get('max_age')).toBe('600')
    },
  )

  it('is asked for before an account is disconnected or a passkey removed', async () => {
    const who = await stage.visitor()
    const { page } = await addPasskey(who.browser)
    const old = await stage.visitor(who, 601)
    for (const begins of ['/security/connected/', '/security/passkeys/']) {
      const path = pathOf(page, begins, begins === '/security/passkeys/' ? '/remove' : '')
      expect((await stage.account(old.browser, path)).headers.get('location')).toContain('fresh=1')
      expect((await stage.account(old.browser, path, {})).status).toBe(403)
    }
    const { identities, passkeys } = await stage.exported(old.browser)
    expect([identities.length, passkeys.length]).toEqual([1, 1])
  })
})

interface Made {
  who: Somebody
  other: Somebody
  authenticator: ReturnType<typeof createAuthenticator>
}

async function passkeyNames({ browser }: Somebody): Promise<unknown[]> {
  const { passkeys } = await stage.exported(browser)
  return passkeys.map(({ name }) => name)
}
