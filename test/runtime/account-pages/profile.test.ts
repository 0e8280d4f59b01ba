import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { LANGUAGES } from '../../../runtime/languages/index.ts'
import { createBrowser } from '../../support/browser.ts'
import { formsOf, shown, submit } from '../../support/visitor.ts'
import { type AccountStage, type Somebody, startAccountStage } from './account-stage.ts'

let stage: AccountStage
let alice: Somebody
beforeAll(async () => {
  stage = await startAccountStage()
  alice = await stage.visitor()
})
afterAll(() => stage.close())

const PAGES = ['', '/security', '/sessions', '/data', '/security/password', '/security/new-passkey', '/data/delete']

describe('account pages', () => {
  it.each(PAGES)('at /account%s ask whoever is not signed in to sign in, and lead back', async (path) => {
    const page = await stage.account(createBrowser(), path)
    expect(page.status).toBe(303)
    expect(page.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(`/account${path}`)}`)
  })

  it('lead whoever sends a form without a session to the sign-in, by a page that goes on', async () => {
    const page = await stage.account(createBrowser(), '/data/delete', { phrase: alice.email })
    expect(page.status).toBe(200)
    expect(page.headers.get('refresh')).toBe('0; url=/sign-in?next=%2Faccount')
    expect((await stage.account(alice.browser, '')).status).toBe(200)
  })

  it.each(LANGUAGES)('speak %s', async (language) => {
    for (const path of PAGES) {
      const page = await stage.account(alice.browser, `${path}?lang=${language}`)
      expect(page.status, path).toBe(200)
      expect(page.text).toContain(`<html lang="${language}">`)
    }
    await stage.account(alice.browser, '?lang=en')
  })

  it.each(PAGES)(
    'at /account%s are kept by nobody, framed by nobody, and load nothing from elsewhere',
    async (path) => {
      const { headers, text } = await stage.account(alice.browser, path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(headers.get('cache-control')).toBe('no-store')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("form-action 'self'")
      expect(policy).not.toContain('unsafe-inline')
      expect(text).not.toMatch(/(?:src|href|action)="https?:/)
      expect(text).not.toMatch(/ on[a-z]+=/)
    },
  )

  it('that are not there are answered as everywhere', async () => {
    expect((await stage.account(alice.browser, '/nothing')).status).toBe(404)
    expect((await stage.account(alice.browser, '/profile/reset')).status).toBe(404)
  })

  it('sign a browser out whose account is gone', async () => {
    const first = await stage.visitor()
    const second = await stage.visitor(first)
    await stage.account(first.browser, '/data/delete', { phrase: first.email })
    const page = await stage.account(second.browser, '/security')
    expect(page.headers.get('location')).toBe('/sign-in?next=%2Faccount%2Fsecurity')
    const app = await second.browser.open(`${stage.gateway.hello}/`)
    expect(new URL(app.url).pathname).toBe('/sign-in')
  })
})

describe('the profile', () => {
  it('shows what the sign-in said, and the address that cannot be changed here', async () => {
    const page = await stage.account(alice.browser, '')
    expect(shown(page)).toContain('Alice Archer')
    expect(shown(page)).toContain(alice.email)
    expect(formsOf(page)[0]?.fields).toMatchObject({ name: 'Alice Archer', 'was.name': 'Alice Archer' })
    expect(Object.keys(formsOf(page)[0]?.fields ?? {})).not.toContain('email')
  })

  it('keeps what the person changes at the next sign-in, and lets the rest follow that', async () => {
    const who = await stage.visitor()
    const form = await stage.account(who.browser, '')
    const saved = await submit(who.browser, form, '/account/profile', { name: 'Ali', website: 'https://ali.example' })
    expect(saved.url).toBe(`${stage.gateway.login}/account?done=saved`)
    expect(shown(saved)).toContain('Your changes are saved.')
    const claims = { ...who.claims, name: 'Alice B. Archer', organization: 'Acme Ltd' }
    const again = await stage.visitor({ claims })
    const { account, events } = await stage.exported(again.browser)
    expect(account).toMatchObject({
      profile: { name: 'Ali', website: 'https://ali.example/', company: 'Acme Ltd' },
      ownFields: ['name', 'website'],
    })
    expect(events.map(({ action }) => action)).toContain('account.profile_changed')
  })

  it('lets a field that the person did not touch follow the sign-in that changed it meanwhile', async () => {
    const who = await stage.visitor()
    const form = await stage.account(who.browser, '')
    await stage.visitor({ claims: { ...who.claims, organization: 'Globex' } })
    await submit(who.browser, form, '/account/profile', { location: 'Basel' })
    const { account } = await stage.exported(who.browser)
    expect(account).toMatchObject({ profile: { company: 'Globex', location: 'Basel' }, ownFields: ['location'] })
  })

  it('gives a field back, which the next sign-in fills', async () => {
    const who = await stage.visitor()
    await stage.done(who.browser, '/profile', { name: 'Ali' })
    const reset = await stage.done(who.browser, '/profile/reset', { field: 'name' })
    expect(shown(reset)).toContain('follows your sign-in again')
    expect(shown(reset)).not.toContain('Changed by you')
    const again = await stage.visitor(who)
    const { account } = await stage.exported(again.browser)
    expect(account).toMatchObject({ profile: { name: 'Alice Archer' }, ownFields: [] })
    expect((await stage.account(who.browser, '/profile/reset', { field: 'email' })).status).toBe(400)
  })

  it.each([
    'javascript:alert(1)',
    'example.com',
    'https://a:b@example.com',
    `https://example.com/${'x'.repeat(2_048)}`,
  ])('refuses %s as a website, says so, and changes nothing', async (website) => {
    const page = await stage.account(alice.browser, '/profile', { name: 'Mallory', website })
    expect(page.status).toBe(422)
    expect(shown(page)).toContain('Write a whole web address')
    expect(formsOf(page)[0]?.fields).toMatchObject({ name: 'Mallory', website })
    expect((await stage.exported(alice.browser)).account).toMatchObject({ profile: { name: 'Alice Archer' } })
  })

  it('keeps the language of mails, and none that there is not', async () => {
    await stage.done(alice.browser, '/profile', { language: 'fr' })
    await stage.done(alice.browser, '/profile', { language: 'xx' })
    expect((await stage.exported(alice.browser)).account).toMatchObject({ language: 'fr' })
  })

  it('shows what somebody wrote as text, whatever they wrote', async () => {
    const who = await stage.visitor()
    const page = await stage.done(who.browser, '/profile', { name: '<b onclick="x">"\'&amp;' })
    expect(page.text).not.toContain('<b onclick')
    expect(formsOf(page)[0]?.fields['name']).toContain('<b onclick="x">"\'')
  })
})
