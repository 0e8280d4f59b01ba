import { afterEach, describe, expect, it } from 'vitest'

import { createPasswordHasher } from '../../runtime/accounts/index.ts'
import { createProvider } from '../../runtime/providers/index.ts'
import { openSqliteStore } from '../../runtime/store/index.ts'
import {
  ALICE,
  CLIENT,
  COST,
  newcomer,
  openStage,
  refusalOf,
  resultOf,
  self,
  type Stage,
  type StageOptions,
} from '../runtime/accounts/stage.ts'

let stage: Stage
const open = (options: StageOptions = {}) => (stage = openStage(options))
afterEach(() => stage.store.close())

const TENANT = '11111111-1111-4111-8111-111111111111'
const FOREIGN = '99999999-9999-4999-8999-999999999999'
const OID = '22222222-2222-4222-8222-222222222222'
const PASSWORD = 'seven brave lanterns hum'

/** Entra for several tenants; who runs one of them says which addresses its people have. */
const shared = createProvider(
  'entra',
  {
    ...openTenants(),
    issuer: 'https://login.entra.example/common/v2.0',
    tenants: [TENANT, FOREIGN],
    subjectClaim: 'oid',
  },
  [{ name: 'first', clientId: 'client', proof: { kind: 'none' } }],
)

function openTenants() {
  const { provider, store } = openStage({ entra: { emailTrust: 'trust-idp', allowedDomains: ['acme.example'] } })
  void store.close()
  return provider('entra').config
}

describe('34: somebody of a foreign tenant with the victim’s address', () => {
  const fromTenant = (tenant: string, claims: Record<string, unknown>) => {
    const issuer = `https://login.entra.example/${tenant}/v2.0`
    const read = { ...shared, config: { ...shared.config, issuer } }
    return stage.accounts.admit(stage.brand, shared, resultOf(read, { ...claims, oid: OID }), {}, CLIENT)
  }

  it('enters no account of that address, and is not told whose it is', async () => {
    open()
    const victim = await newcomer(stage)
    const admitted = await fromTenant(FOREIGN, { sub: 'x', email: ALICE.email, xms_edov: true })
    expect(admitted).toEqual({ outcome: 'verify_email', email: ALICE.email, required: true })
    expect((await stage.stored(victim.id)).identities).toHaveLength(1)
    expect(await stage.everybody()).toHaveLength(1)
  })

  it('with the very object id of another tenant’s person is somebody else', async () => {
    open()
    const verified = { emailByMail: 'bob@acme.example' }
    const atHome = resultOf(
      { ...shared, config: { ...shared.config, issuer: `https://login.entra.example/${TENANT}/v2.0` } },
      { sub: 'x', oid: OID, email: 'bob@acme.example' },
    )
    const bob = await stage.accounts.admit(stage.brand, shared, atHome, verified, CLIENT)
    expect(bob.outcome).toBe('signed_in')
    expect(await fromTenant(FOREIGN, { sub: 'x', email: 'bob@acme.example' })).toMatchObject({
      outcome: 'verify_email',
      required: true,
    })
  })
})

describe('35: an address that nobody verified', () => {
  it.each([
    ['said to be unverified', { email_verified: false }],
    ['without a word about it', { email_verified: undefined }],
    ['verified by a text', { email_verified: 'true' }],
    ['verified by a number', { email_verified: 1 }],
  ])('%s leads to no account, with mail or without', async (_, change) => {
    open()
    const victim = await newcomer(stage)
    const attacker = { ...ALICE, sub: 'mallory', ...change }
    expect((await stage.comes(attacker)).outcome).toBe('verify_email')
    const without = openStage({ store: stage.store, mail: 'none' })
    const admitted = await without.comes(attacker)
    expect(admitted).toMatchObject({
      outcome: 'signed_in',
      created: true,
      account: { email: '' },
      person: { email: '' },
    })
    expect((await stage.stored(victim.id)).identities).toHaveLength(1)
  })

  it('is not verified by a mail to another address', async () => {
    open()
    const victim = await newcomer(stage)
    const attacker = { ...ALICE, sub: 'mallory', email_verified: false }
    const admitted = await stage.comes(attacker, 'google', { emailByMail: 'mallory@evil.example' })
    expect(admitted.outcome).toBe('verify_email')
    expect((await stage.stored(victim.id)).identities).toHaveLength(1)
  })

  it('joins nobody where the provider’s word never counts', async () => {
    open({ google: { emailTrust: 'always-verify' } })
    await stage.accounts.invite('default', { email: ALICE.email, name: 'Alice', groups: [] }, CLIENT)
    expect((await stage.comes(ALICE)).outcome).toBe('verify_email')
  })
})

describe('36: an account that an attacker made in advance for the victim’s address', () => {
  it('has not that address, and so is not the victim’s when they come', async () => {
    open()
    const attacker = { ...ALICE, sub: 'mallory', email_verified: false }
    const made = await stage.comes(attacker, 'google', { goesOnWithout: true })
    if (made.outcome !== 'signed_in') throw new Error('not let in')
    await stage.accounts.setPassword('default', made.account.id, PASSWORD, self(made.account))
    const victim = await newcomer(stage)
    expect(victim.id).not.toBe(made.account.id)
    expect(victim.email).toBe(ALICE.email)
    expect(await stage.accounts.checkPassword(stage.brand, ALICE.email, PASSWORD, CLIENT)).toBeUndefined()
  })

  it('with a password of the attacker’s is not joined by the victim’s identity without that password', async () => {
    open()
    const invited = await stage.accounts.invite('default', { email: ALICE.email, name: 'A', groups: [] }, CLIENT)
    const id = invited?.id ?? ''
    await stage.accounts.setPassword('default', id, PASSWORD, self({ id }))
    expect((await stage.comes(ALICE)).outcome).toBe('confirm_link')
    expect((await stage.stored(id)).identities).toEqual([])
  })

  it('through a linked identity of the attacker’s is not the victim’s', async () => {
    open()
    const attacker = await newcomer(stage, { ...ALICE, sub: 'mallory', email: 'mallory@evil.example' })
    const victims = { sub: 'm2', oid: OID, email: ALICE.email, email_verified: false }
    const provider = stage.provider('entra')
    await stage.accounts.link(stage.brand, attacker.id, provider, resultOf(provider, victims), self(attacker))
    const victim = await newcomer(stage)
    expect(victim.id).not.toBe(attacker.id)
    expect((await stage.stored(attacker.id)).account.email).toBe('mallory@evil.example')
  })
})

describe('49: an unknown address and a wrong password', () => {
  it('take the same work, as many writes, and give the same answer', async () => {
    const work: string[] = []
    const hasher = createPasswordHasher({ cost: COST })
    const store = openSqliteStore(':memory:')
    const counted = new Proxy(store, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver)
        if (typeof value !== 'function') return value
        return (...given: unknown[]): unknown => {
          // One for the other: what nobody has is counted, where an account’s is noted.
          work.push(name === 'countEvent' || name === 'recordAudit' ? 'a write' : String(name))
          return Reflect.apply(value, target, given)
        }
      },
    })
    open({
      store: counted,
      passwords: {
        hash: (password) => hasher.hash(password),
        check: (password, phc) => {
          work.push('argon2id')
          return hasher.check(password, phc)
        },
      },
    })
    const alice = await newcomer(stage)
    await newcomer(stage, { ...ALICE, sub: 'bob', email: 'bob@acme.example' })
    await stage.accounts.setPassword('default', alice.id, PASSWORD, self(alice))
    const tried = async (email: string) => {
      work.length = 0
      const found = await stage.accounts.checkPassword(stage.brand, email, 'six brave lanterns hum', CLIENT)
      return { found, work: [...work] }
    }
    const wrong = await tried(ALICE.email)
    expect(wrong).toMatchObject({ found: undefined })
    expect(wrong.work.filter((each) => each === 'argon2id')).toHaveLength(1)
    expect(await tried('nobody@acme.example')).toEqual(wrong)
    expect(await tried('bob@acme.example')).toEqual(wrong)
    await stage.accounts.suspend('default', alice.id, CLIENT)
    expect(await tried(ALICE.email)).toEqual(wrong)
  })

  it('are slowed down alike', async () => {
    open()
    const alice = await newcomer(stage)
    await stage.accounts.setPassword('default', alice.id, PASSWORD, self(alice))
    const refusals = []
    for (const email of [ALICE.email, 'nobody@acme.example']) {
      const attempt = () => stage.accounts.checkPassword(stage.brand, email, 'wrong', CLIENT)
      for (let count = 0; count < 5; count += 1) expect(await attempt()).toBeUndefined()
      const { code, retryAfterSeconds, message } = await refusalOf(attempt())
      refusals.push({ code, retryAfterSeconds, message })
    }
    expect(refusals[0]).toEqual(refusals[1])
    expect(refusals[0]?.code).toBe('rate_limited')
  })
})
