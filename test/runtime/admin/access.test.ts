import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { type AdminStage, startAdminStage } from './admin-stage.ts'

let stage: AdminStage
beforeAll(async () => {
  stage = await startAdminStage()
})
afterAll(() => stage.close())

const PAGES = [
  '',
  '/identity-providers',
  '/identity-providers/acme',
  '/users',
  '/invite',
  '/sessions',
  '/audit',
  '/audit/export',
]

describe('who may administer', () => {
  it.each(PAGES)('shows /admin%s to an administrator, and to others what any unknown page says', async (path) => {
    const [carol, bob] = [await stage.administrator(), (await stage.newcomer('bob')).browser]
    expect((await stage.admin(carol, path)).status).toBe(200)
    const [refused, unknown] = [await stage.admin(bob, path), await bob.open(`${stage.gateway.login}/no-such-page`)]
    const withoutId = (text: string) =>
      text.replaceAll(/<code>[0-9a-f-]{36}<\/code>/g, '').replaceAll(/href="[^"]*lang=[^"]*"/g, '')
    expect(refused.status).toBe(404)
    expect(withoutId(refused.text)).toBe(withoutId(unknown.text))
  })

  it('sends somebody who is signed out to sign in, and back to the page', async () => {
    const { status, headers } = await stage.admin(createBrowser(), '/users')
    expect(status).toBe(303)
    expect(headers.get('location')).toBe('/sign-in?next=%2Fadmin%2Fusers')
  })

  it('refuses a form of somebody who is signed out, and does nothing', async () => {
    const [carol, bob] = [await stage.administrator(), await stage.newcomer('bob')]
    const refused = await stage.admin(createBrowser(), `/users/${bob.id}/suspend`, {})
    expect(refused.status).toBe(401)
    expect(await stage.log(carol, { action: 'account.suspended', account: bob.id })).toEqual([])
  })

  it('counts a session at its own brand alone', async () => {
    const carol = await stage.administrator()
    const page = await carol.open(`${stage.other}/admin`, { redirects: 0 })
    expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fadmin'])
  })

  it('speaks English whatever the browser wants', async () => {
    const carol = await stage.administrator()
    const page = await carol.open(`${stage.gateway.login}/admin`, { headers: { 'accept-language': 'de' } })
    expect(page.text).toContain('<html lang="en">')
  })
})

describe('without a rule', () => {
  it('has no administration at all', async () => {
    const none = await startAdminStage((config) => delete config.admins)
    const carol = await none.administrator()
    const [signedIn, signedOut] = [await none.admin(carol, ''), await none.admin(createBrowser(), '')]
    await none.close()
    expect([signedIn.status, signedOut.status]).toEqual([404, 404])
  })

  it('denies where the rule cannot be worked out', async () => {
    const broken = await startAdminStage((config) => (config.admins = 'user.claims["missing"] == "admin"'))
    const carol = await broken.administrator()
    const page = await broken.admin(carol, '')
    await broken.close()
    expect(page.status).toBe(404)
  })
})

describe('a form', () => {
  it.each(['https://evil.example', 'null', 'http://hello.gw.localhost'])('of %s does nothing', async (origin) => {
    const [carol, bob] = [await stage.administrator(), await stage.newcomer('bob')]
    for (const path of [
      ...['suspend', 'resume', 'sign-out', 'invite-again', 'delete', 'export'].map((way) => `/users/${bob.id}/${way}`),
      '/invite',
      '/sessions/end',
      '/identity-providers/acme/test',
    ]) {
      expect([path, (await stage.admin(carol, path, {}, origin)).status]).toEqual([path, 403])
    }
    const about = await stage.log(carol, { account: bob.id })
    expect(about.filter(({ action }) => !/^sign_in|created|exported|linked/.test(action))).toEqual([])
    expect(await stage.log(carol, { action: 'provider.tested' })).toEqual([])
  })
})

describe('what changes something', () => {
  it('wants a sign-in of the last 15 minutes, and names the way to one', async () => {
    const [carol, bob] = [await stage.administrator('carol', 16 * 60), await stage.newcomer('bob')]
    const refused = await stage.admin(carol, `/users/${bob.id}/suspend`, {})
    expect(refused.status).toBe(403)
    expect(refused.text).toContain(`/sign-in?next=%2Fadmin%2Fusers%2F${bob.id}&amp;fresh=1`)
    expect(await stage.log(carol, { action: 'account.suspended', account: bob.id })).toEqual([])
    const page = await stage.admin(carol, `/users/${bob.id}`)
    expect(page.text).toContain('Confirm that it is you')
    expect(page.text).not.toContain('Suspend')
  })

  it.each(['/invite', '/users/ID/delete'])('sends from /admin%s to sign in again and comes back', async (path) => {
    const bob = await stage.newcomer('bob')
    const carol = await stage.administrator('carol', 16 * 60)
    const at = `/admin${path.replace('ID', bob.id)}`
    const { headers } = await carol.open(`${stage.gateway.login}${at}`, { redirects: 0 })
    const again = headers.get('location') ?? ''
    expect(again).toBe(`/sign-in?next=${encodeURIComponent(at)}&fresh=1`)
    const page = await carol.open(`${stage.gateway.login}${again}`)
    expect([page.status, new URL(page.url).pathname]).toEqual([200, at])
  })

  it('is open 14 minutes after the sign-in', async () => {
    const [carol, bob] = [await stage.administrator('carol', 14 * 60), await stage.newcomer('bob')]
    expect((await stage.done(carol, `/users/${bob.id}/suspend`)).text).toContain('The account is suspended')
    await stage.done(carol, `/users/${bob.id}/resume`)
  })
})
