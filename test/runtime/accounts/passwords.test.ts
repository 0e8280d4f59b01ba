import { afterEach, describe, expect, it, vi } from 'vitest'

import { createPasswordHasher } from '../../../runtime/accounts/index.ts'
import { REFUSED_PASSWORDS_PER_HOUR } from '../../../runtime/accounts/refused-passwords.ts'
import { createWorkQueue } from '../../../runtime/accounts/work-queue.ts'
import { PASSWORD_ATTEMPTS_OF_ALL } from '../../../runtime/limits/index.ts'
import { CLIENT, COST, newcomer, openStage, refusalOf, self, type Stage, type StageOptions } from './stage.ts'

let stage: Stage
const open = (options: StageOptions = {}) => (stage = openStage(options))
afterEach(async () => stage.store.close())

const PASSWORD = 'seven brave lanterns hum'
const check = (password: string, email = 'alice@acme.example', at = stage.brand) =>
  stage.accounts.checkPassword(at, email, password, CLIENT)

async function withPassword(options: StageOptions = {}) {
  open(options)
  const account = await newcomer(stage)
  expect(await stage.accounts.setPassword('default', account.id, PASSWORD, self(account))).toBe('set')
  return account.id
}

describe('a password', () => {
  it('that is right finds the account, in whatever spelling of the address', async () => {
    const id = await withPassword()
    expect(await check(PASSWORD, 'ALICE@Acme.Example')).toMatchObject({ account: { id } })
    expect((await stage.stored(id)).account.passwordHash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
    expect(JSON.stringify(await stage.audit())).not.toContain(PASSWORD)
  })

  it('is the same however its letters are put together', async () => {
    open()
    const account = await newcomer(stage)
    await stage.accounts.setPassword('default', account.id, 'fünf mutige Zwerge', self(account))
    expect(await check('fünf mutige Zwerge'.normalize('NFD'))).toBeDefined()
  })

  it('opens nothing when it is wrong, of nobody, of somebody without one, or of another brand', async () => {
    await withPassword()
    await newcomer(stage, { sub: 'bob', email: 'bob@acme.example', email_verified: true })
    expect(await check(`${PASSWORD}!`)).toBeUndefined()
    expect(await check('')).toBeUndefined()
    expect(await check('x'.repeat(100_000))).toBeUndefined()
    stage.clock.now += 3_600_000
    expect(await check(PASSWORD, 'nobody@acme.example')).toBeUndefined()
    expect(await check(PASSWORD, 'no address')).toBeUndefined()
    expect(await check(PASSWORD, 'bob@acme.example')).toBeUndefined()
    expect(await check(PASSWORD, 'alice@acme.example', stage.other)).toBeUndefined()
    const refused = (await stage.audit()).filter(({ action }) => action === 'password.refused')
    // Those at alice’s and bob’s; what somebody tries at an address that nobody has is kept nowhere.
    expect(refused).toHaveLength(4)
    expect(refused.every(({ account, details }) => account !== undefined && Object.keys(details).length === 0)).toBe(
      true,
    )
  })

  it('that is wrong again and again is in the log so often an hour, the last time with a word that there are more', async () => {
    const id = await withPassword()
    const refused = async () => (await stage.audit()).filter(({ action }) => action === 'password.refused')
    const wrong = (count: number) =>
      stage.accounts.checkPassword(stage.brand, 'alice@acme.example', 'wrong', {
        address: `198.51.100.${count}`,
        shared: false,
      })
    for (let count = 0; count < REFUSED_PASSWORDS_PER_HOUR + 5; count += 1) expect(await wrong(count)).toBeUndefined()
    const entries = await refused()
    expect(entries).toHaveLength(REFUSED_PASSWORDS_PER_HOUR)
    expect(entries[0]).toMatchObject({ account: id, details: { more: 'not noted within this hour' } })
    expect(entries.slice(1).every(({ details }) => Object.keys(details).length === 0)).toBe(true)
    stage.clock.now += 3_600_000
    await wrong(0)
    expect(await refused()).toHaveLength(REFUSED_PASSWORDS_PER_HOUR + 1)
  })

  it('is not refused for what others try where many share an address, or nobody knows it', async () => {
    await withPassword()
    for (const address of ['10.0.0.1', '']) {
      const client = { address, shared: true }
      const tried = (password: string) =>
        stage.accounts.checkPassword(stage.brand, 'alice@acme.example', password, client)
      for (let count = 0; count < 10; count += 1) expect(await tried('wrong')).toBeUndefined()
      expect(await tried(PASSWORD)).toBeDefined()
    }
  })

  it.each(['alice@acme.example', 'nobody@acme.example'])(
    'that is guessed from many addresses is checked when its turn has come, of %s',
    async (email) => {
      const turns: PromiseWithResolvers<void>[] = []
      const checked: string[] = []
      const hasher = createPasswordHasher({ cost: COST })
      await withPassword({
        pace: {
          turn: () => {
            const mine = Promise.withResolvers<void>()
            turns.push(mine)
            return mine.promise
          },
        },
        passwords: {
          hash: (password) => hasher.hash(password),
          check: (password, phc) => {
            checked.push(password)
            return hasher.check(password, phc)
          },
        },
      })
      const { attempts } = PASSWORD_ATTEMPTS_OF_ALL
      const from = (place: number, password: string) =>
        stage.accounts.checkPassword(stage.brand, email, password, { address: `198.51.100.${place}`, shared: false })
      for (let place = 0; place < attempts; place += 1) await from(place, 'wrong')
      expect([checked.length, turns.length]).toEqual([attempts, 0])
      const owner = from(attempts, PASSWORD)
      await vi.waitFor(() => expect(turns).toHaveLength(1))
      expect(checked).not.toContain(PASSWORD)
      turns[0]?.resolve()
      expect(Boolean(await owner)).toBe(email.startsWith('alice'))
      expect(checked.at(-1)).toBe(PASSWORD)
    },
  )

  it('of a suspended account opens nothing', async () => {
    const id = await withPassword()
    await stage.accounts.suspend('default', id, CLIENT)
    expect(await check(PASSWORD)).toBeUndefined()
  })

  it('counts nowhere where the brand takes none, and is not even looked at', async () => {
    await withPassword()
    stage = openStage({ store: stage.store, brand: { password: 'off' } })
    expect(await check(PASSWORD)).toBeUndefined()
    expect((await stage.audit()).map(({ action }) => action)).not.toContain('password.refused')
  })

  it('that was hashed at a lower cost is hashed anew when it is right', async () => {
    const id = await withPassword()
    const { account } = await stage.stored(id)
    const old = await createPasswordHasher({ cost: { ...COST, passes: 2 } }).hash(PASSWORD)
    await stage.store.changeAccount(account, { set: { passwordHash: old } }, [])
    expect(await check('something else')).toBeUndefined()
    expect((await stage.stored(id)).account.passwordHash).toBe(old)
    expect(await check(PASSWORD)).toBeDefined()
    expect((await stage.stored(id)).account.passwordHash).toMatch(/,t=1,/)
    expect(await check(PASSWORD)).toBeDefined()
  })

  it('is tried slower and slower from one place, and is still taken at another', async () => {
    await withPassword()
    for (let count = 0; count < 5; count += 1) expect(await check('wrong')).toBeUndefined()
    const refused = await refusalOf(check(PASSWORD))
    expect(refused.code).toBe('rate_limited')
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60)
    const elsewhere = { address: '198.51.100.1', shared: false }
    expect(await stage.accounts.checkPassword(stage.brand, 'alice@acme.example', PASSWORD, elsewhere)).toBeDefined()
    stage.clock.now += 60_000
    expect(await check(PASSWORD)).toBeDefined()
  })

  it.each([
    ['short pass', 'too_short'],
    ['x'.repeat(129), 'too_long'],
    ['password123456', 'common'],
    ['alice@acme.example', 'common'],
    ['AliceArcher2026', 'common'],
  ] as const)('%s is not taken: %s', async (password, verdict) => {
    const id = await withPassword()
    const before = await stage.stored(id)
    expect(await stage.accounts.setPassword('default', id, password, self({ id }))).toBe(verdict)
    expect(await stage.stored(id)).toEqual(before)
  })

  it('that is set tells its owner, and ends links to set one', async () => {
    open()
    const { id } = await newcomer(stage)
    const ticket = { id: 't', kind: 'password_reset', brand: 'default', accountId: id, bindingHash: undefined } as const
    await stage.store.insertTicket({ ...ticket, sealed: 'x', expiresAt: stage.clock.now + 1_000 })
    await stage.accounts.setPassword('default', id, PASSWORD, self({ id }))
    expect(await stage.store.findTicket('password_reset', 't', stage.clock.now)).toBeUndefined()
    expect(stage.told.map(({ change }) => change)).toEqual([{ what: 'password_set' }])
    expect((await stage.audit())[0]).toMatchObject({ action: 'password.set', actor: id })
  })

  it('cannot be set where there is no account', async () => {
    open()
    const refused = await refusalOf(stage.accounts.setPassword('default', 'nobody', PASSWORD, CLIENT))
    expect(refused.code).toBe('credentials_invalid')
  })
})

describe('the hash of a password', () => {
  const hasher = createPasswordHasher({ cost: COST })

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['another method', '$2b$12$eImiTXuWVxfM37uY4JANjQ'],
    ['more memory than any machine has', '$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$'.padEnd(100, 'A')],
    ['no lanes', `$argon2id$v=19$m=64,t=1,p=0$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['no passes', `$argon2id$v=19$m=64,t=0,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
  ])('that is %s is nobody’s', async (_, phc) => {
    open()
    expect(await hasher.check(PASSWORD, phc)).toBe('wrong')
  })

  it('is another each time, and right for its password alone', async () => {
    open()
    const [one, other] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)])
    expect(one).not.toBe(other)
    expect(await hasher.check(PASSWORD, one)).toBe('right')
    expect(await hasher.check(PASSWORD.toUpperCase(), one)).toBe('wrong')
  })
})

describe('work that is bounded', () => {
  const never = () => new Promise<never>(() => undefined)

  it('waits for its turn, and is refused where too much waits', async () => {
    open()
    const queue = createWorkQueue({ atOnce: 1, waiting: 1, waitMs: 60_000 })
    const { promise: first, resolve: finish } = Promise.withResolvers<string>()
    const begun: string[] = []
    const running = queue.run(() => first)
    const waiting = queue.run(() => {
      begun.push('second')
      return Promise.resolve('second')
    })
    expect(await refusalOf(queue.run(never))).toMatchObject({ code: 'busy', retryAfterSeconds: 5 })
    expect(begun).toEqual([])
    finish('first')
    expect(await Promise.all([running, waiting])).toEqual(['first', 'second'])
    expect(await queue.run(() => Promise.resolve('third'))).toBe('third')
  })

  it('is refused when its turn does not come in time', async () => {
    open()
    const queue = createWorkQueue({ atOnce: 1, waiting: 5, waitMs: 1 })
    void queue.run(never)
    expect((await refusalOf(queue.run(never))).code).toBe('busy')
  })

  it('gives its place on when it fails', async () => {
    open()
    const queue = createWorkQueue({ atOnce: 1, waiting: 5, waitMs: 60_000 })
    const failing = queue.run(() => Promise.reject(new Error('no memory')))
    const after = queue.run(() => Promise.resolve('after'))
    await expect(failing).rejects.toThrow('no memory')
    expect(await after).toBe('after')
  })
})
