import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type BrandConfig, OWN_ACCOUNTS } from '../../../runtime/config.ts'
import { createSessions, type NewSession, READ_FROM_ACCOUNT } from '../../../runtime/sessions/index.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'
import { alice, config, openStage, route } from './stage.ts'

let store: Store
beforeEach(() => {
  store = openSqliteStore(':memory:')
})
afterEach(() => store.close())

const { default: brand } = config.brands
if (!brand) throw new Error('the configuration lost its brand')
const under = (change: Partial<BrandConfig>) => ({ ...config, brands: { default: { ...brand, ...change } } })
const both = under({ password: 'on', passkeys: true })
const ownRoute = { ...route, identityProviders: ['acme', OWN_ACCOUNTS] }

const own = (amr: readonly string[], change: Partial<NewSession> = {}): NewSession => ({
  ...alice,
  identityProvider: OWN_ACCOUNTS,
  issuer: brand.url,
  subject: 'account-1',
  sid: undefined,
  person: { ...alice.person, readAs: READ_FROM_ACCOUNT },
  authentication: { time: Date.now(), acr: undefined, amr },
  tokens: undefined,
  accessExpiresAt: undefined,
  ...change,
})

async function signedIn(session: NewSession) {
  const { sessions, deps, child, stored } = await (async () => {
    const stage = openStage({ store, config: both })
    return { ...stage, ...(await stage.signIn(session)) }
  })()
  const livesUnder = async (change: Partial<BrandConfig>) =>
    (await createSessions({ ...deps, config: under(change) }).findAtHost(child, route.from, ownRoute)) !== undefined
  return { sessions, child, stored, livesUnder }
}

describe('a session of an account of our own', () => {
  it('counts where the route takes it, without a provider or tokens, and is never refreshed', async () => {
    const { sessions, child, stored } = await signedIn(own(['pwd']))
    expect((await sessions.findAtHost(child, route.from, ownRoute))?.subject).toBe('account-1')
    expect(await sessions.findAtHost(child, route.from, route)).toBeUndefined()
    expect((await stored()).refresh).toBeUndefined()
  })

  it.each<[string, string[], Partial<BrandConfig>, boolean]>([
    ['a password, where passwords are on', ['pwd'], { password: 'on' }, true],
    ['a password, where they are off by now', ['pwd'], { password: 'off', passkeys: true }, false],
    ['a password alone, where they are for emergencies', ['pwd'], { password: 'break_glass', passkeys: true }, false],
    ['a password with a passkey, in an emergency', ['pwd', 'pop', 'mfa'], { password: 'break_glass' }, true],
    ['a passkey, where passkeys are on', ['pop', 'mfa'], { passkeys: true }, true],
    ['a passkey, where they are off by now', ['pop', 'mfa'], { password: 'on', passkeys: false }, false],
    ['nothing that is known', [], { password: 'on', passkeys: true }, false],
  ])('by %s: %j, %j, %s', async (_, amr, change, lives) => {
    const { livesUnder } = await signedIn(own(amr))
    expect(await livesUnder({ password: 'off', passkeys: false, ...change })).toBe(lives)
  })

  it('ends when its brand moves, and counts at no other', async () => {
    const { livesUnder } = await signedIn(own(['pwd']))
    expect(await livesUnder({ password: 'on', url: 'https://moved.example' })).toBe(false)
    const foreign = await signedIn(own(['pwd'], { issuer: 'https://login.other.example' }))
    expect(await foreign.livesUnder({ password: 'on' })).toBe(false)
  })

  it('that says to be of a provider does not pass for one of it', async () => {
    const { livesUnder } = await signedIn(own(['pwd'], { identityProvider: 'acme' }))
    expect(await livesUnder({ password: 'on', passkeys: true })).toBe(false)
  })

  it('is not begun for an account that is suspended or gone meanwhile', async () => {
    const { sessions } = openStage({ store, config: both })
    const refused = sessions.start(own(['pwd'], { accountId: 'gone' }), undefined)
    await expect(refused).rejects.toMatchObject({ code: 'account_suspended' })
    expect((await store.listSessions({}, 10)).items).toEqual([])
  })

  it('keeps of a browser what it is known by', async () => {
    const device = { address: '203.0.113.7', userAgent: 'x'.repeat(1_000) }
    const { stored } = await signedIn(own(['pwd'], { device }))
    expect((await stored()).device).toEqual({ address: '203.0.113.7', userAgent: 'x'.repeat(256) })
  })
})
