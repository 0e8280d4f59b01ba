import { afterEach, describe, expect, it } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { READ_FROM_ACCOUNT } from '../../../runtime/sessions/index.ts'
import { openSqliteStore } from '../../../runtime/store/index.ts'
import { ALICE, CLIENT, newcomer, openStage, refusalOf, self, type Stage, type StageOptions } from './stage.ts'

let stage: Stage
const open = (options: StageOptions = {}) => (stage = openStage(options))
afterEach(() => stage.store.close())

const actions = async () => (await stage.audit()).map(({ action }) => action).toReversed()
const invite = (email: string) => stage.accounts.invite('default', { email, name: 'Carol', groups: ['staff'] }, CLIENT)

describe('an invitation', () => {
  it('makes an account that says nothing of anybody in its id', async () => {
    open()
    const carol = await invite(' Carol@ACME.example ')
    expect(carol).toMatchObject({ origin: 'invitation', email: 'carol@acme.example', groups: ['staff'] })
    expect(carol?.id).toMatch(/^[\w-]{43}$/)
    expect(await actions()).toEqual(['account.created', 'account.invited'])
    expect(await stage.accounts.findByEmail('default', 'CAROL@acme.example')).toMatchObject({ account: carol })
    expect(await stage.accounts.findByEmail('default', 'no address')).toBeUndefined()
  })

  it('to an address that is taken makes nothing', async () => {
    open()
    await invite('carol@acme.example')
    expect(await invite('Carol@acme.example')).toBeUndefined()
    expect(await stage.everybody()).toHaveLength(1)
  })

  it.each([
    '',
    'carol',
    'carol@acme',
    '"carol"@acme.example',
    'carol@evil.example@acme.example',
    'carol@acme.example.',
  ])('to %j is refused', async (email) => {
    open()
    expect((await refusalOf(invite(email))).code).toBe('request_malformed')
    expect(await stage.everybody()).toEqual([])
  })
})

describe('a suspended account', () => {
  it('has no session and no ticket, and cannot begin one', async () => {
    open()
    const account = await newcomer(stage)
    await stage.store.insertTicket({
      id: 't',
      kind: 'invitation',
      brand: 'default',
      accountId: account.id,
      bindingHash: undefined,
      sealed: 'x',
      expiresAt: stage.clock.now + 1_000,
    })
    expect(await stage.accounts.suspend('default', account.id, CLIENT)).toBe(true)
    expect(await stage.accounts.suspend('default', account.id, CLIENT)).toBe(false)
    expect(await stage.store.findTicket('invitation', 't', stage.clock.now)).toBeUndefined()
    const { account: suspended } = await stage.stored(account.id)
    expect(() => stage.accounts.personOf(suspended)).toThrow(expect.objectContaining({ code: 'account_suspended' }))
    const refused = await refusalOf(stage.accounts.noteSignIn('default', account.id, 'password', CLIENT))
    expect(refused.code).toBe('account_suspended')
    expect(await stage.accounts.resume('default', account.id, CLIENT)).toBe(true)
    expect(await stage.accounts.resume('default', account.id, CLIENT)).toBe(false)
    expect((await actions()).slice(3)).toEqual(['account.suspended', 'account.resumed'])
    expect(await stage.accounts.suspend('default', 'nobody', CLIENT)).toBe(false)
  })
})

describe('a sign-in to an account of our own', () => {
  it('is of a person by what the account says', async () => {
    open()
    const carol = await invite('carol@acme.example')
    if (!carol) throw new Error('not invited')
    expect(stage.accounts.personOf(carol)).toEqual({
      id: carol.id,
      email: 'carol@acme.example',
      name: 'Carol',
      groups: ['staff'],
      claims: {},
      readAs: READ_FROM_ACCOUNT,
    })
  })

  it('is noted, and in an emergency told', async () => {
    open()
    const { id } = await newcomer(stage)
    stage.clock.now += 1_000
    expect(await stage.accounts.noteSignIn('default', id, 'passkey', CLIENT)).toMatchObject({
      lastSignInAt: stage.clock.now,
    })
    expect((await stage.audit())[0]).toMatchObject({
      action: 'sign_in.succeeded',
      actor: id,
      details: { by: 'passkey' },
    })
    expect(stage.told).toEqual([])
    await stage.accounts.noteSignIn('default', id, 'break_glass', CLIENT)
    expect(await actions()).toContain('break_glass.used')
    expect(stage.told.map(({ change }) => change)).toEqual([{ what: 'break_glass_used' }])
    const refused = await refusalOf(stage.accounts.noteSignIn('default', 'nobody', 'password', CLIENT))
    expect(refused.code).toBe('credentials_invalid')
  })
})

describe('a profile', () => {
  it('takes what its owner writes, in one line, and nothing where a part cannot be', async () => {
    open()
    const account = await newcomer(stage)
    const change = (changes: object) => stage.accounts.changeProfile('default', account.id, changes, self(account))
    await change({ name: ' Al\nArcher ', website: 'https://alice.example' })
    expect((await stage.stored(account.id)).account).toMatchObject({
      profile: { name: 'Al Archer', website: 'https://alice.example/', username: 'alice' },
      ownFields: ['name', 'website'],
    })
    const { account: before } = await stage.stored(account.id)
    expect((await refusalOf(change({ company: 'Acme', website: 'javascript:alert(1)' }))).code).toBe(
      'request_malformed',
    )
    await change({ name: 'Al Archer' })
    expect((await stage.stored(account.id)).account).toEqual(before)
    expect((await stage.audit())[0]).toMatchObject({
      action: 'account.profile_changed',
      details: { fields: 'name website' },
    })
  })

  it('keeps a language that there is', async () => {
    open()
    const account = await newcomer(stage)
    await stage.accounts.setLanguage('default', account.id, 'de')
    await stage.accounts.setLanguage('default', account.id, 'tlh')
    expect((await stage.stored(account.id)).account.language).toBe('de')
  })
})

describe('an account that is deleted', () => {
  it('was exported before, whole and without what opens anything, and leaves its lines in the log', async () => {
    open()
    const account = await newcomer(stage)
    await stage.accounts.setPassword('default', account.id, 'seven brave lanterns hum', self(account))
    const exported = await stage.accounts.export('default', account.id, self(account))
    expect(exported).toMatchObject({
      account: {
        id: account.id,
        email: 'alice@acme.example',
        hasPassword: true,
        createdAt: '2027-01-15T08:00:00.000Z',
      },
      identities: [{ subject: 'alice', email: 'alice@acme.example' }],
      passkeys: [],
      sessions: [],
    })
    expect(exported?.events[0]).toMatchObject({ action: 'account.exported' })
    expect(JSON.stringify(exported)).not.toContain('argon2')
    expect(await stage.accounts.delete('default', account.id, self(account))).toBe(true)
    expect(await stage.accounts.delete('default', account.id, self(account))).toBe(false)
    expect(await stage.accounts.export('default', account.id, self(account))).toBeUndefined()
    expect((await actions()).at(-1)).toBe('account.deleted')
  })

  it('is another one when its person comes again', async () => {
    open()
    const account = await newcomer(stage)
    await stage.accounts.delete('default', account.id, self(account))
    expect(await stage.comes(ALICE)).toMatchObject({ outcome: 'signed_in', created: true })
  })
})

describe('the accounts of the stack file', () => {
  const carol = { brand: 'default', email: 'Carol@acme.example', name: 'Carol', groups: ['admins'] }
  const under = (accounts: RuntimeConfig['accounts']) => openStage({ accounts, store: stage.store })

  it('are made once, by any number of replicas', async () => {
    const store = openSqliteStore(':memory:')
    stage = openStage({ accounts: { carol }, store })
    const made = await Promise.all([1, 2, 3].map(() => under({ carol }).accounts.reconcile()))
    expect(made.flat()).toMatchObject([{ origin: 'stack', email: 'carol@acme.example', groups: ['admins'] }])
    expect(await stage.everybody()).toHaveLength(1)
    expect(await stage.accounts.reconcile()).toEqual([])
    expect(await actions()).toEqual(['account.created'])
  })

  it('follow the file in name and groups, which ends sessions, and keep password and identities', async () => {
    stage = openStage({ accounts: { carol } })
    const [made] = await stage.accounts.reconcile()
    const id = made?.id ?? ''
    await stage.accounts.setPassword('default', id, 'seven brave lanterns hum', self({ id }))
    await stage.comes({ ...ALICE, email: 'carol@acme.example', name: 'Somebody Else' }).catch(() => undefined)
    const before = await stage.stored(id)
    await under({ carol: { ...carol, name: 'Carol C', groups: ['staff'] } }).accounts.reconcile()
    const after = await stage.stored(id)
    expect(after.account).toMatchObject({ profile: { name: 'Carol C' }, groups: ['staff'] })
    expect(after.account.passwordHash).toBe(before.account.passwordHash)
    expect(after.identities).toEqual(before.identities)
    expect((await stage.audit())[0]).toMatchObject({ action: 'accounts.reconciled', actor: 'stack' })
  })

  it('keep the name of the file when their person signs in', async () => {
    stage = openStage({ accounts: { carol } })
    const [made] = await stage.accounts.reconcile()
    await stage.comes({ ...ALICE, email: 'carol@acme.example', name: 'Somebody Else' })
    expect((await stage.stored(made?.id ?? '')).account.profile).toEqual({ name: 'Carol', username: 'alice' })
    expect(await stage.comes({ ...ALICE, email: 'new@acme.example' })).toMatchObject({
      account: { id: made?.id, email: 'carol@acme.example' },
    })
  })

  it('are left where they are named no more, with a word in the log', async () => {
    stage = openStage({ accounts: { carol } })
    const [made] = await stage.accounts.reconcile()
    const later = under({})
    expect(await later.accounts.reconcile()).toEqual([])
    expect(later.log.warn.mock.calls).toMatchObject([[{ account: made?.id }, expect.stringContaining('left as it is')]])
    expect((await stage.stored(made?.id ?? '')).account).toEqual(made)
  })

  it('become those that are there already', async () => {
    stage = openStage()
    const account = await newcomer(stage, { ...ALICE, email: 'carol@acme.example' })
    expect(await under({ carol }).accounts.reconcile()).toEqual([])
    expect((await stage.stored(account.id)).account).toMatchObject({ groups: ['admins'], origin: 'sign_in' })
  })
})
