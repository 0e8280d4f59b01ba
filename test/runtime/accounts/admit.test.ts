import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'

import type { Account } from '../../../runtime/store/index.ts'
import {
  ALICE,
  CLIENT,
  newcomer,
  openStage,
  refusalOf,
  resultOf,
  self,
  type Stage,
  type StageOptions,
} from './stage.ts'

let stage: Stage
const open = (options: StageOptions = {}) => (stage = openStage(options))
afterEach(() => stage.store.close())

const actions = async () => (await stage.audit()).map(({ action }) => action).toReversed()
const unverified = { ...ALICE, email_verified: false }
const OID = '22222222-2222-4222-8222-222222222222'

describe('a first sign-in', () => {
  it('makes an account whose id is the person’s, with profile, identity and log', async () => {
    open()
    const admitted = await stage.comes({ ...ALICE, organization: 'Acme', groups: ['staff'] })
    const { person } = resultOf(stage.provider('google'), ALICE)
    expect(admitted).toMatchObject({
      outcome: 'signed_in',
      created: true,
      account: {
        id: person.id,
        origin: 'sign_in',
        email: 'alice@acme.example',
        profile: { name: 'Alice Archer', username: 'alice', company: 'Acme' },
        groups: [],
      },
      person: { id: person.id, email: 'alice@acme.example', groups: ['staff'] },
    })
    const { identities } = await stage.stored(person.id)
    expect(identities).toMatchObject([{ identityProvider: 'google', subject: 'alice', emailVerified: false }])
    expect(await actions()).toEqual(['account.created', 'identity.linked', 'sign_in.succeeded'])
    for (const event of await stage.audit()) expect(event).toMatchObject({ actor: person.id, address: '203.0.113.7' })
    expect(stage.told).toEqual([])
  })

  it('at once from many tabs makes one account', async () => {
    open()
    const admitted = await Promise.all(Array.from({ length: 6 }, () => stage.comes(ALICE)))
    expect(new Set(admitted.map((each) => each.outcome === 'signed_in' && each.account.id)).size).toBe(1)
    expect(admitted.filter((each) => each.outcome === 'signed_in' && each.created)).toHaveLength(1)
    expect(await stage.everybody()).toHaveLength(1)
  })

  it('at another brand is another account, and so another id', async () => {
    open()
    const here = await newcomer(stage)
    const result = resultOf(stage.provider('google'), ALICE)
    const there = await stage.accounts.admit(stage.other, stage.provider('google'), result, {}, CLIENT)
    expect(there).toMatchObject({ outcome: 'signed_in', created: true, account: { brand: 'other' } })
    expect(there.outcome === 'signed_in' && there.account.id).not.toBe(here.id)
  })

  it('with an unverified address goes on without, and the account has none', async () => {
    open()
    expect(await stage.comes(unverified)).toEqual({
      outcome: 'verify_email',
      email: 'alice@acme.example',
      required: false,
    })
    expect(await stage.everybody()).toEqual([])
    const admitted = await stage.comes(unverified, 'google', { goesOnWithout: true })
    expect(admitted).toMatchObject({ outcome: 'signed_in', account: { email: '' }, person: { email: '' } })
  })

  it('with an address verified by mail has it, and the session knows by what', async () => {
    open({ google: { emailTrust: 'always-verify' } })
    expect(await stage.comes(ALICE)).toMatchObject({ outcome: 'verify_email', required: false })
    const admitted = await stage.comes(ALICE, 'google', { emailByMail: 'alice@acme.example' })
    expect(admitted).toMatchObject({
      account: { email: 'alice@acme.example' },
      person: { email: 'alice@acme.example', emailByMail: true },
    })
    expect(await stage.comes(ALICE)).toMatchObject({ outcome: 'signed_in', person: { emailByMail: true } })
    expect(await stage.comes({ ...ALICE, email: 'new@acme.example' })).toMatchObject({ outcome: 'verify_email' })
  })

  it('is refused at match-only, with a line in the log and nothing else', async () => {
    open({ google: { provisioning: 'match-only' } })
    expect((await refusalOf(stage.comes(ALICE))).code).toBe('not_provisioned')
    expect(await stage.everybody()).toEqual([])
    expect(await stage.audit()).toMatchObject([
      { action: 'sign_in.refused', actor: 'system', account: undefined, details: { code: 'not_provisioned' } },
    ])
    expect(JSON.stringify(await stage.audit())).not.toContain('alice@')
  })
})

describe('a later sign-in', () => {
  it('of an identity whose address changed is of the same account, and the address follows', async () => {
    open()
    const { id } = await newcomer(stage)
    stage.clock.now += 1_000
    const admitted = await stage.comes({ ...ALICE, email: 'alice@new.example', name: 'Alice Bowman' })
    expect(admitted).toMatchObject({ created: false, account: { id, email: 'alice@new.example' } })
    const { account, identities } = await stage.stored(id)
    expect(account).toMatchObject({ email: 'alice@new.example', lastSignInAt: stage.clock.now })
    expect(account.profile.name).toBe('Alice Bowman')
    expect(identities).toMatchObject([{ email: 'alice@new.example', lastUsedAt: stage.clock.now }])
    expect(await actions()).toContain('account.email_changed')
    expect(stage.told).toMatchObject([{ account: { email: 'alice@acme.example' }, change: { what: 'email_changed' } }])
  })

  it('takes no address that is another account’s, and joins nobody by it', async () => {
    open()
    const { id } = await newcomer(stage)
    const bob = await newcomer(stage, { ...ALICE, sub: 'bob', email: 'bob@acme.example' })
    const admitted = await stage.comes({ ...ALICE, email: 'bob@acme.example' })
    expect(admitted).toMatchObject({ account: { id, email: 'alice@acme.example' }, person: { id } })
    expect((await stage.stored(bob.id)).account.email).toBe('bob@acme.example')
  })

  it('follows to no address that is not verified', async () => {
    open()
    const { id } = await newcomer(stage)
    const admitted = await stage.comes({ ...unverified, email: 'x@new.example' }, 'google', { goesOnWithout: true })
    expect(admitted).toMatchObject({ account: { id, email: 'alice@acme.example' }, person: { id, email: '' } })
  })

  it('by a second identity leaves the account’s address and what it alone says of the profile', async () => {
    open()
    const { id } = await newcomer(stage, { ...ALICE, organization: 'Acme' })
    const claims = { sub: 's', oid: OID, email: 'a@home.example', email_verified: true, name: 'Al' }
    await stage.accounts.link(
      stage.brand,
      id,
      stage.provider('entra'),
      resultOf(stage.provider('entra'), claims),
      CLIENT,
    )
    const admitted = await stage.comes(claims, 'entra')
    expect(admitted).toMatchObject({
      account: { id, email: 'alice@acme.example', profile: { name: 'Al', company: 'Acme' } },
      person: { id, email: 'a@home.example' },
    })
  })

  it('leaves the fields that the person changed', async () => {
    open()
    const account = await newcomer(stage, { ...ALICE, organization: 'Acme' })
    await stage.accounts.changeProfile('default', account.id, { name: 'Ally', company: '' }, self(account))
    await stage.comes({ ...ALICE, organization: 'Acme', locale: 'de' })
    const { profile, ownFields } = (await stage.stored(account.id)).account
    expect(profile).toEqual({ name: 'Ally', username: 'alice', location: 'de' })
    expect(ownFields).toEqual(['name', 'company'])
  })

  it('drops what the only provider does not say any more', async () => {
    open()
    const { id } = await newcomer(stage, { ...ALICE, organization: 'Acme' })
    await stage.comes(ALICE)
    expect((await stage.stored(id)).account.profile).toEqual({ name: 'Alice Archer', username: 'alice' })
  })

  it('of an account that is suspended meanwhile is refused', async () => {
    open()
    const { id } = await newcomer(stage)
    await stage.accounts.suspend('default', id, CLIENT)
    expect((await refusalOf(stage.comes(ALICE))).code).toBe('account_suspended')
    expect((await stage.audit())[0]).toMatchObject({ action: 'sign_in.refused', account: id })
    await stage.accounts.resume('default', id, CLIENT)
    expect(await stage.comes(ALICE)).toMatchObject({ outcome: 'signed_in', created: false })
  })

  it('at Entra is told by tenant and object id, whatever the subject is', async () => {
    open()
    const { id } = await newcomer(stage, { ...ALICE, sub: 'one', oid: OID }, 'entra')
    expect(await stage.comes({ ...ALICE, sub: 'two', oid: OID.toUpperCase() }, 'entra')).toMatchObject({
      created: false,
      account: { id },
    })
  })
})

describe('an account that was made for somebody', () => {
  const invite = async (): Promise<Account> => {
    const invited = await stage.accounts.invite(
      'default',
      { email: 'Alice@ACME.example', name: 'Alice', groups: ['admins'] },
      CLIENT,
    )
    if (!invited) throw new Error('the address was taken')
    return invited
  }

  it('is joined by the first who comes with its address verified, also at match-only', async () => {
    open({ google: { provisioning: 'match-only', linking: 'deny' } })
    const { id } = await invite()
    expect(await stage.comes(ALICE)).toMatchObject({
      outcome: 'signed_in',
      created: false,
      account: { id, origin: 'invitation' },
      person: { id, groups: [] },
    })
    expect(stage.told).toMatchObject([{ change: { what: 'identity_linked', provider: 'Google' } }])
  })

  it('is joined by one only: the second has to show a credential of it', async () => {
    open()
    const { id } = await invite()
    await stage.comes(ALICE)
    expect(await stage.comes({ ...ALICE, sub: 'mallory' })).toMatchObject({
      outcome: 'confirm_link',
      existing: { account: { id } },
    })
    expect((await stage.stored(id)).identities).toHaveLength(1)
  })

  it('is not joined by an address that is not verified', async () => {
    open()
    const { id } = await invite()
    await stage.comes(unverified, 'google', { goesOnWithout: true })
    expect((await stage.stored(id)).identities).toEqual([])
    expect(await stage.everybody()).toHaveLength(2)
  })
})

describe('the address of an account that somebody uses', () => {
  it('leads to a confirmation that changes nothing', async () => {
    open()
    const account = await newcomer(stage)
    const before = await stage.stored(account.id)
    const claims = { sub: 's', oid: OID, email: 'alice@acme.example', email_verified: true }
    expect(await stage.comes(claims, 'entra')).toMatchObject({
      outcome: 'confirm_link',
      email: 'alice@acme.example',
      existing: { account: { id: account.id } },
    })
    expect(await stage.stored(account.id)).toEqual(before)
  })

  it('leads nowhere where linking is denied', async () => {
    open({ entra: { linking: 'deny' } })
    await newcomer(stage)
    const claims = { sub: 's', oid: OID, email: 'alice@acme.example', email_verified: true }
    expect((await refusalOf(stage.comes(claims, 'entra'))).code).toBe('account_exists')
    expect(await stage.everybody()).toHaveLength(1)
  })
})

it('whoever comes in whatever order, no two people are ever one account', async () => {
  const address = fc.constantFrom('', 'alice@acme.example', 'bob@acme.example', 'carol@evil.example')
  const visit = fc.record({
    at: fc.constantFrom('google' as const, 'entra' as const),
    sub: fc.constantFrom('one', 'two'),
    email: address,
    email_verified: fc.constantFrom(true, false, 'true', undefined),
    byMail: address,
    goesOnWithout: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(visit, { maxLength: 12 }), async (visits) => {
      open({ entra: { subjectClaim: 'sub', emailTrust: 'always-verify' } })
      await stage.accounts.invite('default', { email: 'alice@acme.example', name: 'A', groups: [] }, CLIENT)
      for (const { at, byMail, goesOnWithout, ...claims } of visits) {
        const verified = { emailByMail: byMail, ...(goesOnWithout ? { goesOnWithout } : {}) }
        await stage.comes(claims, at, verified)
      }
      const everybody = await stage.everybody()
      const counts = await Promise.all(everybody.map(async ({ id }) => (await stage.stored(id)).identities.length))
      const addresses = everybody.map(({ email }) => email).filter((email) => email !== '')
      expect(counts.every((count) => count <= 1)).toBe(true)
      expect(new Set(addresses).size).toBe(addresses.length)
      await stage.store.close()
    }),
    { seed: 36, numRuns: 40 },
  )
  open()
})
