import { afterAll, beforeAll, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { comeBackFromProvider, shown } from '../../support/visitor.ts'
import { person } from '../authenticate/accounts-stage.ts'
import { type AdminStage, startAdminStage } from './admin-stage.ts'

let stage: AdminStage
beforeAll(async () => {
  stage = await startAdminStage()
})
afterAll(() => stage.close())

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** The value by which the page ends somebody's session. */
function sessionOf(text: string, name: string): string {
  const row = text.split('<tr role="row">').find((one) => one.includes(`>${name}<`))
  const id = row && /name="session" value="([^"]+)"/.exec(row)?.[1]
  if (!id) throw new Error(`${name} is signed in nowhere`)
  return id
}

it('says who is signed in, where, when and on which device, and ends one of them', async () => {
  const bob = createBrowser()
  stage.acme.behaviour.person = person('bob')
  const back = await comeBackFromProvider(bob, `${stage.gateway.hello}/`)
  await bob.open(back, { headers: { 'user-agent': FIREFOX } })
  const { browser: alice } = await stage.newcomer('alice')
  const carol = await stage.administrator()
  const page = await stage.admin(carol, '/sessions')
  expect(shown(page)).toMatch(
    /carol This one.*alice.*Unknown device 127\.0\.0\.1 Acme.*bob.*Firefox on Linux 127\.0\.0\.1.*3 sessions/,
  )
  await stage.done(carol, '/sessions/end', { session: sessionOf(page.text, 'alice') })
  expect((await alice.open(`${stage.gateway.hello}/`)).text).not.toContain('app saw')
  expect((await stage.admin(carol, '/sessions')).text).not.toContain('alice@acme.example')
  const [entry] = await stage.log(carol, { action: 'sessions.ended' })
  expect(entry).toMatchObject({
    actor: await stage.idOf(carol, 'carol@acme.example'),
    account: await stage.idOf(carol, 'alice@acme.example'),
    address: '127.0.0.1',
    details: { sessions: '1', device: 'Unknown device' },
  })
})

it('ends no session of another brand, and none without a recent sign-in', async () => {
  const other = createBrowser()
  stage.acme.behaviour.person = person('ivy')
  const offered = await other.open(`${stage.other}/sign-in`)
  const link = /href="(\/sign-in\/acme[^"]*)"/.exec(offered.text)?.[1] ?? ''
  await other.open(new URL(link, stage.other).href)
  stage.acme.behaviour.person = person('judy', { groups: ['admins'] })
  const judy = createBrowser()
  const again = await judy.open(`${stage.other}/sign-in`)
  await judy.open(new URL(/href="(\/sign-in\/acme[^"]*)"/.exec(again.text)?.[1] ?? '', stage.other).href)
  const ivy = sessionOf((await judy.open(`${stage.other}/admin/sessions`)).text, 'ivy')

  const carol = await stage.administrator()
  const before = await stage.log(carol, { action: 'sessions.ended' })
  expect((await stage.admin(carol, '/sessions/end', { session: ivy })).status).toBe(404)
  const late = await stage.administrator('carol', 16 * 60)
  expect((await stage.admin(late, '/sessions/end', { session: ivy })).status).toBe(403)
  expect(await stage.log(carol, { action: 'sessions.ended' })).toEqual(before)
  expect((await other.open(`${stage.other}/account`, { redirects: 0 })).status).toBe(200)
})
