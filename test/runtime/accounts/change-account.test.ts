import { expect, it } from 'vitest'

import { changeAccount } from '../../../runtime/accounts/change-account.ts'
import type { AccountWithCredentials, ChangeOutcome } from '../../../runtime/store/index.ts'
import { newcomer, openStage, refusalOf } from './stage.ts'

/** An account that somebody else changes just before each of so many writes. */
async function contested(times: number) {
  const stage = openStage()
  const { id } = await newcomer(stage)
  const found = await stage.stored(id)
  await stage.store.close()
  let left = times
  const written: number[] = []
  return {
    id,
    written,
    store: {
      findAccount: (): Promise<AccountWithCredentials> =>
        Promise.resolve({ ...found, account: { ...found.account, version: 1 + times - left } }),
      changeAccount: ({ version }: { version: number }): Promise<ChangeOutcome> => {
        left -= 1
        if (left >= 0) return Promise.resolve('stale')
        written.push(version)
        return Promise.resolve('changed')
      },
    },
  }
}

it('a change is decided anew by what is there, until it is written', async () => {
  const { id, store, written } = await contested(3)
  const seen: number[] = []
  const done = await changeAccount(store, 'default', id, ({ account }) => {
    seen.push(account.version)
    return { result: account.version, change: { set: { language: 'de' } } }
  })
  expect(done).toMatchObject({ outcome: 'done', result: 4, account: { language: 'de', version: 5 } })
  expect(seen).toEqual([1, 2, 3, 4])
  expect(written).toEqual([4])
})

it('a change that never gets its turn is refused, and written nowhere', async () => {
  const { id, store, written } = await contested(1_000)
  const change = changeAccount(store, 'default', id, () => ({ result: 1, change: { set: { language: 'de' } } }))
  expect(await refusalOf(change)).toMatchObject({ code: 'busy', retryAfterSeconds: 1 })
  expect(written).toEqual([])
})
