import { describe, expect, it } from 'vitest'

import { type Visit, visitOf } from '../../../runtime/admin/visit.ts'
import type { LoginRequest } from '../../../runtime/authenticate/index.ts'
import { compilePolicy } from '../../../runtime/policy/index.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import type { Session } from '../../../runtime/store/index.ts'
import { brandAt } from '../../support/release.ts'

const LOGIN = 'https://login.acme.example'
const [MINUTE, HOUR] = [60_000, 60 * 60_000]

const session: Session = {
  id: 'session',
  brand: 'default',
  identityProvider: 'acme',
  issuer: 'https://idp.example',
  subject: 'carol',
  sid: undefined,
  person: { id: 'carol', email: 'carol@acme.example', name: 'Carol', groups: ['admins'], claims: {}, readAs: '' },
  authentication: { time: 0, acr: undefined, amr: [] },
  sealedTokens: '',
  accountId: 'account-of-carol',
  device: { address: '', userAgent: '' },
  refresh: undefined,
  version: 1,
  createdAt: 0,
  seenAt: 0,
  expiresAt: 0,
}

/** Somebody who opens the list of users. @param ages of the session and of the credential that was shown, in milliseconds */
function asks(
  ages: { session: number; credential: number },
  more: { rule?: string; method?: string; known?: boolean } = {},
) {
  const { rule = '"admins" in user.groups', method = 'GET', known = true } = more
  const now = Date.now()
  const found: Session = {
    ...session,
    createdAt: now - ages.session,
    authentication: { ...session.authentication, time: now - ages.credential },
  }
  return visitOf({
    context: { admins: compilePolicy(rule), sessions: { find: async () => found } },
    brand: { id: 'default', config: brandAt(LOGIN, ['acme']) },
    request: new Request(`${LOGIN}/admin/users?q=alice`, { method }),
    client: { address: '203.0.113.7', shared: false, known },
  } as unknown as LoginRequest)
}

async function visit(...given: Parameters<typeof asks>): Promise<Visit> {
  const result = await asks(...given)
  if (result instanceof Response) throw new Error(`it was answered by ${result.status}`)
  return result
}

describe('an administrator’s session', () => {
  it('counts for twelve hours after the sign-in', async () => {
    expect((await visit({ session: 12 * HOUR - MINUTE, credential: 12 * HOUR - MINUTE })).name).toBe(
      'carol@acme.example',
    )
    const late = await asks({ session: 12 * HOUR + MINUTE, credential: 12 * HOUR + MINUTE })
    expect(late).toBeInstanceOf(Response)
    expect((late as Response).headers.get('location')).toBe('/sign-in?next=%2Fadmin%2Fusers&fresh=1')
  })

  it('counts by the later of its beginning and the credential, so that nobody is sent round and round', async () => {
    expect((await visit({ session: 13 * HOUR, credential: MINUTE })).isRecent).toBe(true)
    expect((await visit({ session: MINUTE, credential: 30 * 24 * HOUR })).isRecent).toBe(false)
  })

  it.each([
    [14 * MINUTE, true],
    [16 * MINUTE, false],
  ])('may change something %s ms after the credential: %s', async (credential, isRecent) => {
    expect((await visit({ session: credential, credential })).isRecent).toBe(isRecent)
  })

  it('refuses a form that comes too late, and names the way to sign in', async () => {
    const refused = asks({ session: 13 * HOUR, credential: 13 * HOUR }, { method: 'POST' })
    await expect(refused).rejects.toMatchObject({ code: 'sign_in_required', retry: '/sign-in?next=%2Fadmin&fresh=1' })
  })

  it.each(['"other" in user.groups', 'user.claims["missing"] == "x"', 'request.method == "POST"'])(
    'is nobody’s where the rule %s is not true',
    async (rule) => {
      const refused = asks({ session: 0, credential: 0 }, { rule })
      await expect(refused).rejects.toMatchObject({ code: 'not_found' })
      await expect(refused).rejects.toBeInstanceOf(Refusal)
    },
  )

  it('names who acts and from where, as far as that is known', async () => {
    expect((await visit({ session: 0, credential: 0 })).actor).toEqual({
      id: 'account-of-carol',
      address: '203.0.113.7',
    })
    expect((await visit({ session: 0, credential: 0 }, { known: false })).actor.address).toBe('')
  })
})
