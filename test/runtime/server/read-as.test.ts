import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { signIn } from '../../support/visitor.ts'

type ProviderConfig = RuntimeConfig['identityProviders'][string]

let gateway: TestGateway
let person: Record<string, unknown>
beforeAll(async () => {
  gateway = await startTestGateway()
  person = { ...gateway.provider.behaviour.person }
})
beforeEach(async () => {
  gateway.provider.behaviour.person = { ...person }
  await gateway.reload(() => undefined)
})
afterAll(() => gateway.close())

const release = (settings: Partial<ProviderConfig>, rule: string) =>
  gateway.reload(({ routes, identityProviders }) => {
    Object.assign(identityProviders['acme'] ?? {}, settings)
    if (routes['hello']) routes['hello'].access = { allow: rule }
  })

/** Someone with a session, and what `hello` says to it; without following to a sign-in. */
async function someone() {
  const { browser } = await signIn(gateway)
  return async () => {
    const before = gateway.upstreamRequests.length
    const { status } = await browser.open(`${gateway.hello}/`, { redirects: 0 })
    return { status, arrived: gateway.upstreamRequests.length - before }
  }
}

const ALLOWED = { status: 200, arrived: 1 }
const DENIED = { status: 403, arrived: 0 }
const SENT_TO_SIGN_IN = { status: 302, arrived: 0 }

describe('a release that reads people otherwise', () => {
  it('denies who is signed in by a claim that it keeps as whoever signs in anew', async () => {
    gateway.provider.behaviour.person = { ...person, status: 'suspended' }
    const visit = await someone()
    expect(await visit()).toEqual(ALLOWED)
    await release({ claims: ['status'] }, '!user.claims.holds("status", "suspended")')
    expect(await visit()).toEqual(DENIED)
    expect(await (await someone())()).toEqual(DENIED)
  })

  it('ends the session of whoever has an address that it does not take, whatever the rule asks', async () => {
    const visit = await someone()
    expect(await visit()).toEqual(ALLOWED)
    await release({ allowedDomains: ['other.example'] }, '"staff" in user.groups')
    expect(await visit()).toEqual(SENT_TO_SIGN_IN)
  })

  it('leaves who is let in signed in, and asks the provider once', async () => {
    const visit = await someone()
    await release({ claims: ['status'] }, '!user.claims.holds("status", "suspended")')
    const before = gateway.provider.tokenRequests.length
    for (let visits = 0; visits < 3; visits += 1) expect(await visit()).toEqual(ALLOWED)
    expect(gateway.provider.tokenRequests.slice(before).map((body) => body.get('grant_type'))).toEqual([
      'refresh_token',
    ])
  })

  it('lets nobody in by what was read before while the provider cannot tell', async () => {
    const visit = await someone()
    const { behaviour } = gateway.provider
    const honest = behaviour.refresh
    behaviour.refresh = () => ({ status: 503, json: {} })
    await release({ claims: ['status'] }, '!user.claims.holds("status", "suspended")')
    const before = gateway.provider.tokenRequests.length
    for (let visits = 0; visits < 2; visits += 1) expect(await visit()).toEqual({ status: 302, arrived: 0 })
    expect(gateway.provider.tokenRequests.length - before).toBe(1)
    behaviour.refresh = honest
  })
})

it('a rule finds somebody in a group that the provider wrote as a text', async () => {
  await release({}, '!("suspended" in user.groups)')
  for (const groups of [['suspended'], 'suspended']) {
    gateway.provider.behaviour.person = { ...person, groups }
    expect(await (await someone())()).toEqual(DENIED)
  }
})
