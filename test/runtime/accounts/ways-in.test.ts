import { afterEach, describe, expect, it } from 'vitest'

import {
  ALICE,
  CLIENT,
  GOOGLE,
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

const BOB_AT_ENTRA = { sub: 's', oid: '22222222-2222-4222-8222-222222222222', email: 'a@home.example' }
const google = { issuer: GOOGLE, subject: 'alice' }
const PASSKEY = { id: 'key-1', publicKey: 'cose', counter: 0, transports: ['internal'], name: 'Phone' }
const PASSWORD = 'seven brave lanterns hum'

const link = (accountId: string, claims: Record<string, unknown> = BOB_AT_ENTRA, at: 'google' | 'entra' = 'entra') =>
  stage.accounts.link(
    stage.brand,
    accountId,
    stage.provider(at),
    resultOf(stage.provider(at), claims),
    self({ id: accountId }),
  )
const unlink = (accountId: string, key = google, keep?: string) =>
  stage.accounts.unlink(stage.brand, accountId, key, self({ id: accountId }), keep)

async function withSessions(accountId: string, ...ids: string[]): Promise<() => Promise<string[]>> {
  const now = stage.clock.now
  for (const id of ids) {
    await stage.store.insertSession({
      id,
      brand: 'default',
      identityProvider: 'google',
      issuer: GOOGLE,
      subject: 'alice',
      sid: undefined,
      person: { id: accountId, email: '', name: '', groups: [], claims: {}, readAs: '' },
      authentication: { time: now, acr: undefined, amr: [] },
      sealedTokens: 'k1.x',
      accountId,
      device: { address: '203.0.113.7', userAgent: 'a browser' },
      refresh: undefined,
      version: 1,
      createdAt: now,
      seenAt: now,
      expiresAt: now + 1_000_000,
    })
  }
  return async () => (await stage.store.listSessions({ accountId }, 10)).items.map(({ id }) => id).toSorted()
}

describe('linking', () => {
  it('joins an identity to the account, with a line in the log and a notice', async () => {
    open()
    const account = await newcomer(stage)
    expect(await link(account.id)).toMatchObject({ outcome: 'linked', account: { id: account.id } })
    expect((await stage.stored(account.id)).identities).toHaveLength(2)
    expect((await stage.audit())[0]).toMatchObject({ action: 'identity.linked', details: { provider: 'entra' } })
    expect(stage.told).toMatchObject([{ change: { what: 'identity_linked', provider: 'Entra' } }])
    expect(await link(account.id)).toEqual({ outcome: 'already_linked' })
    expect(stage.told).toHaveLength(1)
  })

  it('of an identity that is somebody else’s is refused without saying whose', async () => {
    open()
    const account = await newcomer(stage)
    const bob = await newcomer(stage, BOB_AT_ENTRA, 'entra').catch(() => undefined)
    expect(bob).toBeUndefined()
    await stage.comes(BOB_AT_ENTRA, 'entra', { goesOnWithout: true })
    expect(await link(account.id)).toEqual({ outcome: 'in_use' })
    expect((await stage.stored(account.id)).identities).toHaveLength(1)
    expect((await stage.audit())[0]).toMatchObject({ action: 'identity.link_refused', account: account.id })
    expect(stage.told).toEqual([])
  })

  it('takes two identities of one provider', async () => {
    open()
    const account = await newcomer(stage)
    const second = { ...ALICE, sub: 'alice-2', email: 'a2@home.example' }
    expect(await link(account.id, second, 'google')).toMatchObject({ outcome: 'linked' })
    expect(await stage.comes(second)).toMatchObject({ outcome: 'signed_in', account: { id: account.id } })
  })

  it('remembers that a mail of ours verified the address', async () => {
    open({ entra: { emailTrust: 'always-verify' } })
    const { id } = await newcomer(stage)
    const result = resultOf(stage.provider('entra'), BOB_AT_ENTRA)
    const verified = { emailByMail: 'a@home.example' }
    await stage.accounts.link(stage.brand, id, stage.provider('entra'), result, self({ id }), verified)
    expect(await stage.comes(BOB_AT_ENTRA, 'entra')).toMatchObject({ outcome: 'signed_in', person: { id } })
  })

  it.each<[string, StageOptions, string, string]>([
    ['outside the domains', { entra: { allowedDomains: ['acme.example'] } }, 'email_refused', 'active'],
    ['to a suspended account', {}, 'account_suspended', 'suspended'],
  ])('%s is refused, and changes nothing', async (_, options, code, status) => {
    open(options)
    const { id } = await newcomer(stage)
    if (status === 'suspended') await stage.accounts.suspend('default', id, CLIENT)
    expect((await refusalOf(link(id))).code).toBe(code)
    expect((await stage.stored(id)).identities).toHaveLength(1)
  })

  it('of an address that nobody’s word counts for is refused where domains are restricted and no mail can show it', async () => {
    const entra = { allowedDomains: ['home.example'] }
    open({ entra, mail: 'none' })
    const { id } = await newcomer(stage)
    expect((await refusalOf(link(id))).code).toBe('email_unverified')
    expect((await stage.stored(id)).identities).toHaveLength(1)
    expect(await unlink(id)).toBe('last_way_in')
    // With the provider's word for it, it is a way in: it works when it is the only one.
    const verified = { ...BOB_AT_ENTRA, email_verified: true }
    expect(await link(id, verified)).toMatchObject({ outcome: 'linked' })
    expect(await unlink(id)).toBe('unlinked')
    expect(await stage.comes(verified, 'entra')).toMatchObject({ outcome: 'signed_in', account: { id } })
  })

  it.each<[string, StageOptions]>([
    ['mail is set up', { entra: { allowedDomains: ['home.example'] } }],
    ['any domain will do', { mail: 'none' }],
  ])('of an unverified address is done where %s', async (_, options) => {
    open(options)
    const { id } = await newcomer(stage)
    expect(await link(id)).toMatchObject({ outcome: 'linked' })
  })

  it('to an account that is gone is refused', async () => {
    open()
    expect((await refusalOf(link('nobody'))).code).toBe('credentials_invalid')
  })
})

describe('unlinking', () => {
  it('of the only way in is refused', async () => {
    open()
    const { id } = await newcomer(stage)
    expect(await unlink(id)).toBe('last_way_in')
    expect((await stage.stored(id)).identities).toHaveLength(1)
    expect((await stage.audit()).map(({ action }) => action)).not.toContain('identity.unlinked')
    expect(stage.told).toEqual([])
  })

  it.each([
    ['another identity', async (id: string) => void (await link(id))],
    [
      'a password',
      async (id: string) => void (await stage.accounts.setPassword('default', id, PASSWORD, self({ id }))),
    ],
    ['a passkey', async (id: string) => void (await stage.accounts.addPasskey('default', id, PASSKEY, self({ id })))],
  ])('is done where %s is left, and ends the other sessions', async (_, prepare) => {
    open()
    const { id } = await newcomer(stage)
    await prepare(id)
    const sessions = await withSessions(id, 'this-one', 'another')
    expect(await unlink(id, google, 'this-one')).toBe('unlinked')
    expect(await sessions()).toEqual(['this-one'])
    expect((await stage.audit())[0]).toMatchObject({ action: 'identity.unlinked', actor: id })
    expect(stage.told.at(-1)?.change).toEqual({ what: 'identity_unlinked', provider: 'Google' })
    expect(await unlink(id)).toBe('not_found')
  })

  it.each<[string, StageOptions, string]>([
    ['is of a disabled provider', { entra: { enabled: false } }, ''],
    ['is of a provider that left the brand', { brand: { identityProviders: ['google'] } }, ''],
    ['is of a provider that moved to another issuer', { entra: { issuer: 'https://moved.example' } }, ''],
    ['has an address outside the domains', { entra: { allowedDomains: ['acme.example'] } }, ''],
    ['is a password that the brand does not take', { brand: { password: 'off' } }, 'password'],
    ['is a password for emergencies', { brand: { password: 'break_glass' } }, 'password'],
    ['is a passkey that the brand does not take', { brand: { passkeys: false } }, 'passkey'],
  ])('is refused where what is left %s', async (_, options, kind) => {
    const before = open()
    const { id } = await newcomer(stage)
    if (kind === 'password') await stage.accounts.setPassword('default', id, PASSWORD, self({ id }))
    else if (kind === 'passkey') await stage.accounts.addPasskey('default', id, PASSKEY, self({ id }))
    else await link(id)
    stage = openStage({ ...options, store: before.store })
    expect(await unlink(id)).toBe('last_way_in')
    const ways = stage.accounts.waysIn(stage.brand, await stage.stored(id))
    expect(ways.map(({ usable }) => usable)).toEqual([true, false])
  })

  it('in two tabs at once leaves one way in', async () => {
    open()
    const { id } = await newcomer(stage)
    await link(id)
    const entra = { issuer: stage.provider('entra').config.issuer, subject: BOB_AT_ENTRA.oid }
    const outcomes = await Promise.all([unlink(id), unlink(id, entra)])
    expect(outcomes.toSorted()).toEqual(['last_way_in', 'unlinked'])
    expect((await stage.stored(id)).identities).toHaveLength(1)
  })

  it('of an identity with which nobody can sign in is done where another works', async () => {
    const before = open()
    const { id } = await newcomer(stage)
    await link(id)
    stage = openStage({ google: { enabled: false }, store: before.store })
    expect(await unlink(id)).toBe('unlinked')
  })
})

describe('a password or passkey', () => {
  it('is not taken away where nothing else is left', async () => {
    open()
    const invited = await stage.accounts.invite('default', { email: 'a@acme.example', name: 'A', groups: [] }, CLIENT)
    const id = invited?.id ?? ''
    await stage.accounts.setPassword('default', id, PASSWORD, self({ id }))
    expect(await stage.accounts.removePassword(stage.brand, id, self({ id }))).toBe('last_way_in')
    await stage.accounts.addPasskey('default', id, PASSKEY, self({ id }))
    expect(await stage.accounts.removePassword(stage.brand, id, self({ id }))).toBe('unlinked')
    expect(await stage.accounts.removePassword(stage.brand, id, self({ id }))).toBe('not_found')
    expect(await stage.accounts.removePasskey(stage.brand, id, 'key-1', self({ id }))).toBe('last_way_in')
    expect((await stage.stored(id)).passkeys).toHaveLength(1)
    expect((await stage.stored(id)).account.passwordHash).toBeUndefined()
  })

  it('ends the other sessions when it is taken away, with a notice', async () => {
    open()
    const { id } = await newcomer(stage)
    await stage.accounts.addPasskey('default', id, PASSKEY, self({ id }))
    const sessions = await withSessions(id, 'this-one', 'another')
    expect(await stage.accounts.removePasskey(stage.brand, id, 'key-1', self({ id }), 'this-one')).toBe('unlinked')
    expect(await sessions()).toEqual(['this-one'])
    expect(stage.told.map(({ change }) => change)).toEqual([
      { what: 'passkey_added', name: 'Phone' },
      { what: 'passkey_removed', name: 'Phone' },
    ])
    expect(await stage.accounts.removePasskey(stage.brand, id, 'key-1', self({ id }))).toBe('not_found')
  })
})

describe('a passkey', () => {
  const added = async () => {
    open()
    const { id } = await newcomer(stage)
    await stage.accounts.addPasskey('default', id, { ...PASSKEY, counter: 5 }, self({ id }))
    return id
  }
  const use = (counter: number, id = 'key-1') => stage.accounts.notePasskeyUse('default', id, counter, CLIENT)

  it('is found, and its use is noted', async () => {
    const id = await added()
    stage.clock.now += 1_000
    expect(await use(6)).toMatchObject({ account: { id }, passkeys: [{ counter: 6, lastUsedAt: stage.clock.now }] })
    expect(await stage.accounts.findByPasskey('default', 'key-1')).toMatchObject({ account: { id } })
    expect(await stage.accounts.findByPasskey('other', 'key-1')).toBeUndefined()
  })

  it.each([
    ['whose counter goes back', 4],
    ['whose counter stands still', 5],
  ])('%s is a copy, and signs nobody in', async (_, counter) => {
    const id = await added()
    expect(await use(counter)).toBeUndefined()
    expect((await stage.stored(id)).passkeys).toMatchObject([{ counter: 5, lastUsedAt: undefined }])
    expect((await stage.audit())[0]).toMatchObject({ action: 'sign_in.refused', account: id })
  })

  it('that is unknown, or of a suspended account, signs nobody in', async () => {
    const id = await added()
    expect(await use(6, 'key-2')).toBeUndefined()
    await stage.accounts.suspend('default', id, CLIENT)
    expect(await use(6)).toBeUndefined()
  })

  it('of somebody else cannot be added, nor more than twenty', async () => {
    await added()
    const bob = await newcomer(stage, { ...ALICE, sub: 'bob', email: 'bob@acme.example' })
    const add = (name: string) => stage.accounts.addPasskey('default', bob.id, { ...PASSKEY, id: name }, self(bob))
    expect(await add('key-1')).toBe('in_use')
    for (let count = 0; count < 20; count += 1) expect(await add(`bob-${count}`)).toBe('added')
    expect(await add('bob-20')).toBe('too_many')
    expect((await stage.stored(bob.id)).passkeys).toHaveLength(20)
  })
})
