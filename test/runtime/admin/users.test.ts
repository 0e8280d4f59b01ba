import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { shown } from '../../support/visitor.ts'
import { linkIn } from '../authenticate/accounts-stage.ts'
import { type AdminStage, startAdminStage } from './admin-stage.ts'

let stage: AdminStage
beforeAll(async () => {
  stage = await startAdminStage()
})
afterAll(() => stage.close())

/** Somebody new, an administrator, and who that is. */
async function both(name: string) {
  const somebody = await stage.newcomer(name)
  const carol = await stage.administrator()
  return { ...somebody, carol, carolId: await stage.idOf(carol, 'carol@acme.example') }
}

/** What the log has about an account, by an administrator. */
async function logged(at: Awaited<ReturnType<typeof both>>, action: string) {
  const entries = await stage.log(at.carol, { action, account: at.id })
  return entries.map(({ actor, address, brand }) => ({ isCarol: actor === at.carolId, address, brand }))
}

const BY_CAROL = [{ isCarol: true, address: '127.0.0.1', brand: 'default' }]

describe('what an administrator does to an account', () => {
  it('suspends it, which signs it out at once, and resumes it', async () => {
    const at = await both('alice')
    expect((await at.browser.open(`${stage.gateway.hello}/`)).text).toBe('app saw /')
    expect(shown(await stage.done(at.carol, `/users/${at.id}/suspend`))).toContain('Suspended')
    expect((await at.browser.open(`${stage.gateway.hello}/`)).text).not.toContain('app saw')
    const again = await stage.signInBy('acme', {
      sub: 'alice',
      name: 'alice',
      email: 'alice@acme.example',
      email_verified: true,
      groups: ['staff'],
    })
    expect([again.page.status, again.page.text.includes('suspended')]).toEqual([403, true])
    expect(await logged(at, 'account.suspended')).toEqual(BY_CAROL)
    expect(shown(await stage.done(at.carol, `/users/${at.id}/resume`))).toContain('The account is active again')
    expect(await logged(at, 'account.resumed')).toEqual(BY_CAROL)
  })

  it('says that there was nothing to change, and logs nothing, the second time', async () => {
    const at = await both('bob')
    await stage.done(at.carol, `/users/${at.id}/suspend`)
    expect(shown(await stage.done(at.carol, `/users/${at.id}/suspend`))).toContain('There was nothing to change')
    expect(await logged(at, 'account.suspended')).toEqual(BY_CAROL)
  })

  it('signs it out everywhere', async () => {
    const at = await both('dave')
    await stage.done(at.carol, `/users/${at.id}/sign-out`)
    expect((await at.browser.open(`${stage.gateway.login}/account`, { redirects: 0 })).status).toBe(303)
    expect(await logged(at, 'sessions.ended')).toEqual(BY_CAROL)
  })

  it('gives out its data, as a file, without anything that opens something', async () => {
    const at = await both('erin')
    const { headers, text } = await stage.admin(at.carol, `/users/${at.id}/export`, {})
    expect(headers.get('content-disposition')).toBe('attachment; filename="account.json"')
    expect(headers.get('cache-control')).toBe('no-store')
    const data = JSON.parse(text) as { account: { id: string }; identities: object[]; sessions: object[] }
    expect([data.account.id, data.identities.length, data.sessions.length]).toEqual([at.id, 1, 1])
    expect(text).not.toMatch(/passwordHash|sealed|publicKey/)
    expect(await logged(at, 'account.exported')).toEqual([...BY_CAROL, { ...BY_CAROL[0], isCarol: false }])
  })

  it('deletes it after asking, with its sessions; the log stays', async () => {
    const at = await both('frank')
    const asks = await stage.admin(at.carol, `/users/${at.id}/delete`)
    expect(shown(asks)).toMatch(/Delete frank\?.*First, their data.*Export data.*Delete the account/)
    expect((await stage.admin(at.carol, `/users/${at.id}`)).status).toBe(200)
    expect(shown(await stage.done(at.carol, `/users/${at.id}/delete`))).toContain('The account is deleted')
    expect((await stage.admin(at.carol, `/users/${at.id}`)).status).toBe(404)
    expect((await at.browser.open(`${stage.gateway.login}/account`, { redirects: 0 })).status).toBe(303)
    expect(await logged(at, 'account.deleted')).toEqual(BY_CAROL)
    expect(await logged(at, 'account.created')).toHaveLength(1)
  })

  it.each(['suspend', 'delete'])('is refused to %s their own', async (action) => {
    const at = await both('grace')
    expect((await stage.admin(at.carol, `/users/${at.carolId}/${action}`, {})).status).toBe(403)
    expect((await stage.admin(at.carol, `/users/${at.carolId}`)).status).toBe(200)
    const own = await stage.log(at.carol, { account: at.carolId })
    expect(own.filter((entry) => /suspended|deleted/.test(entry.action))).toEqual([])
    const page = shown(await stage.admin(at.carol, `/users/${at.carolId}`))
    expect(page).not.toMatch(/Suspend or delete/)
  })

  it('keeps the session by which they sign themselves out everywhere', async () => {
    const elsewhere = await stage.administrator()
    const carol = await stage.administrator()
    const id = await stage.idOf(carol, 'carol@acme.example')
    expect((await stage.done(carol, `/users/${id}/sign-out`)).status).toBe(200)
    expect((await stage.admin(elsewhere, '')).status).toBe(303)
  })
})

describe('accounts of another brand', () => {
  it('are not there, whatever is done to them', async () => {
    const here = await both('henry')
    const other = createBrowser()
    stage.acme.behaviour.person = {
      sub: 'ivy',
      name: 'Ivy',
      email: 'ivy@acme.example',
      email_verified: true,
      groups: ['admins'],
    }
    const offered = await other.open(`${stage.other}/sign-in`)
    const link = /href="(\/sign-in\/acme[^"]*)"/.exec(offered.text)?.[1] ?? ''
    await other.open(new URL(link, stage.other).href)
    for (const path of ['', '/suspend', '/delete', '/export']) {
      const post =
        path === ''
          ? {}
          : {
              method: 'POST',
              headers: { origin: stage.other, 'content-type': 'application/x-www-form-urlencoded' },
              body: '',
            }
      expect((await other.open(`${stage.other}/admin/users/${here.id}${path}`, { redirects: 0, ...post })).status).toBe(
        404,
      )
    }
    const list = await other.open(`${stage.other}/admin/users`)
    expect(shown(list)).toMatch(/Ivy.*1 of 1 account/)
    expect(await logged(here, 'account.suspended')).toEqual([])
    const audit = await other.open(`${stage.other}/admin/audit/export`)
    expect(audit.text).not.toContain(here.id)
  })
})

describe('an invitation', () => {
  it('makes an account and sends a mail whose link leads to it', async () => {
    const carol = await stage.administrator()
    const page = await stage.done(carol, '/invite', {
      email: 'Kate@Acme.example',
      name: 'Kate King',
      groups: 'staff, sales',
    })
    expect(shown(page)).toMatch(/Kate King.*The invitation is on its way.*staff.*sales.*Send the invitation again/)
    const mail = await stage.mail.waitFor('kate@acme.example', 'invitation')
    expect(linkIn(mail.text, '/invitation')).toContain(stage.gateway.login)
    const id = await stage.idOf(carol, 'kate@acme.example')
    await stage.done(carol, `/users/${id}/invite-again`)
    await stage.mail.waitFor('kate@acme.example', 'invitation')
    expect((await stage.log(carol, { action: 'account.invited', account: id })).map(({ details }) => details)).toEqual([
      { again: 'yes' },
      {},
    ])
  })

  it.each([
    ['somebody has', 'leo@acme.example', 'Somebody has this address already'],
    ['is none', 'no address', 'That is no address'],
  ])('to an address that %s says so, and keeps what was typed', async (_, email, problem) => {
    await stage.newcomer('leo')
    const carol = await stage.administrator()
    const page = await stage.admin(carol, '/invite', { email, name: 'Leo <b>', groups: '' })
    expect([page.status, shown(page).includes(problem)]).toEqual([422, true])
    expect(page.text).toContain('value="Leo &lt;b&gt;"')
    expect(
      (await stage.log(carol, { action: 'account.invited' })).filter(({ account }) => account === undefined),
    ).toEqual([])
  })

  it('is not sent again to who has signed in', async () => {
    const at = await both('mia')
    expect(shown(await stage.done(at.carol, `/users/${at.id}/invite-again`))).toContain('There was nothing to change')
    expect(await logged(at, 'account.invited')).toEqual([])
  })
})

describe('the list', () => {
  it('finds by address, name and id, and filters by status', async () => {
    const at = await both('nora')
    await stage.done(at.carol, `/users/${at.id}/suspend`)
    for (const search of ['NORA@acme', 'nora', at.id]) {
      const found = await stage.admin(at.carol, `/users?q=${encodeURIComponent(search)}&status=suspended`)
      expect(shown(found)).toMatch(/nora.*Suspended.*1 of 1 account/)
    }
    expect(shown(await stage.admin(at.carol, '/users?q=nora&status=active'))).toContain('Nobody was found')
  })

  it('escapes what people are called', async () => {
    stage.acme.behaviour.person = {}
    await stage.signInBy('acme', {
      sub: 'x',
      name: '<script>alert(1)</script>',
      email: 'x@acme.example',
      email_verified: true,
      groups: ['staff'],
    })
    const page = await stage.admin(await stage.administrator(), '/users?q=x@acme')
    expect(page.text).toContain('&lt;script&gt;alert(1)')
    expect(page.text).not.toContain('<script>alert')
  })
})
