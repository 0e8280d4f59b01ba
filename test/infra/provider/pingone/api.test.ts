import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'

import { openApi } from '../../../../infra/provider/pingone/api.ts'
import { getGroups } from '../../../../infra/provider/pingone/index.ts'
import { startTrustedPingOne, type TrustedPingOne } from '../../../support/idp/pingone/in-process.ts'

let pingOne: TrustedPingOne

beforeAll(async () => void (pingOne = await startTrustedPingOne()))
beforeEach(() => pingOne.reset())
afterAll(() => pingOne.close())

describe('the groups of an environment', () => {
  it('are read to the last page', async () => {
    const { groups } = await ask()
    expect(groups).toEqual(pingOne.vendor.tenant.groups)
    expect(pingOne.vendor.log.filter((line) => line.endsWith('/groups')).length).toBeGreaterThan(1)
  })

  it('are not followed to another server, which would be given the token', async () => {
    const elsewhere = `https://evil.gw.localhost:${pingOne.vendor.domain.split(':')[1]}/groups`
    pingOne.vendor.faults.before = ({ url }) =>
      url.pathname.endsWith('/groups')
        ? { body: { _embedded: { groups: [] }, _links: { next: { href: elsewhere } } } }
        : undefined
    await expect(ask()).rejects.toMatchObject({ code: 'unreachable' })
    expect(pingOne.vendor.log.filter((line) => line.endsWith('GET /groups'))).toEqual([])
  })

  it.each([
    ['a page of a proxy', '<h1>Welcome</h1>'],
    ['groups without names', { _embedded: { groups: [{ id: '1' }] } }],
    ['a collection that is no list', { _embedded: { groups: {} } }],
  ])('are not read out of %s', async (_title, body) => {
    pingOne.vendor.faults.before = ({ url }) => (url.pathname.endsWith('/groups') ? { body } : undefined)
    await expect(ask()).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('are given up when their pages have no end', async () => {
    let pages = 0
    pingOne.vendor.faults.before = ({ url }) => {
      if (!url.pathname.endsWith('/groups')) return undefined
      pages += 1
      return { body: { _embedded: { groups: [] }, _links: { next: { href: url.href } } } }
    }
    const api = openApi(pingOne.connection, AbortSignal.timeout(20_000), 3)
    await expect(api.list('groups', 'groups', z.unknown())).rejects.toMatchObject({ code: 'unreachable' })
    expect(pages).toBe(3)
  })
})

describe("the worker's token", () => {
  it('is asked for once, and again when the API does not take it any more', async () => {
    await ask()
    await ask()
    const before = tokenRequests()
    pingOne.vendor.tenant.tokens.clear()
    expect((await ask()).groups).toEqual(pingOne.vendor.tenant.groups)
    expect(before).toBeLessThanOrEqual(1)
    expect(tokenRequests()).toBe(before + 1)
  })

  it('is had from a worker that sends its secret in the body, too', async () => {
    const { members } = pingOne.vendor.tenant.administrator
    members.tokenEndpointAuthMethod = 'CLIENT_SECRET_POST'
    pingOne.vendor.tenant.tokens.clear()
    expect((await ask()).groups).toEqual(pingOne.vendor.tenant.groups)
    members.tokenEndpointAuthMethod = 'CLIENT_SECRET_BASIC'
  })

  it('is refused with the reason, and without the secret', async () => {
    const { domain, environmentId, credentials } = pingOne.connection
    const wrong = { clientId: credentials.clientId, clientSecret: 'a-wrong-secret' }
    pingOne.vendor.faults.after = (_asked, answered) => {
      if (answered.status === 401) (answered.body as Record<string, string>)['error_description'] += ' a-wrong-secret'
      return undefined
    }
    const failure = await ask({ domain, environmentId, credentials: wrong }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'vendor_refused' })
    expect(String(failure)).toContain('invalid_client')
    expect(String(failure)).not.toContain('a-wrong-secret')
    expect(pingOne.vendor.log.filter((line) => line.endsWith('/groups'))).toEqual([])
  })

  it('is dropped when many others have come after it', async () => {
    pingOne.vendor.faults.before = ({ url }) =>
      url.pathname.endsWith('/as/token')
        ? { body: { access_token: 'token', expires_in: 3600 } }
        : { body: { _embedded: { groups: [] } } }
    const environments = Array.from({ length: 33 }, (_, index) => `b4ee64a5-6f3b-4b4c-9c3d-${100_000_000_000 + index}`)
    for (const environmentId of environments) await ask({ ...pingOne.connection, environmentId })
    expect(tokenRequests()).toBe(33)
    await ask({ ...pingOne.connection, environmentId: environments[32] ?? '' })
    expect(tokenRequests()).toBe(33)
    await ask({ ...pingOne.connection, environmentId: environments[0] ?? '' })
    expect(tokenRequests()).toBe(34)
  })

  it('of a worker that may not read groups is refused by the API, which the message says', async () => {
    const { administrator } = pingOne.vendor.tenant
    const roles = new Map(administrator.roleAssignments)
    administrator.roleAssignments.clear()
    await expect(ask()).rejects.toThrow(/ACCESS_FAILED.*what they may do/)
    for (const [id, assignment] of roles) administrator.roleAssignments.set(id, assignment)
  })
})

function ask(connection = pingOne.connection) {
  return getGroups(connection, AbortSignal.timeout(20_000))
}

function tokenRequests(): number {
  return pingOne.vendor.log.filter((line) => line.endsWith('/as/token')).length
}
