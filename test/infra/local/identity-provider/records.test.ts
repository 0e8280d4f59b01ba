import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openRecords, type Records } from '../../../../infra/local/identity-provider/records.ts'

let folder: string
let clock: number
let records: Records

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-records-'))
  clock = 1_000_000
  records = openRecords(folder, { now: () => clock })
})

afterEach(() => {
  records.close()
  rmSync(folder, { recursive: true })
})

test('gives back what was put, the later one of two, and nothing of another kind', async () => {
  const sessions = records.adapter('Session')
  await sessions.upsert('one', { uid: 'a', accountId: 'alice' }, 60)
  await sessions.upsert('one', { uid: 'b', accountId: 'alice' }, 60)
  expect(await sessions.find('one')).toEqual({ uid: 'b', accountId: 'alice' })
  expect(await sessions.findByUid('b')).toEqual({ uid: 'b', accountId: 'alice' })
  expect(await sessions.findByUid('a')).toBeUndefined()
  expect(await records.adapter('Interaction').find('one')).toBeUndefined()
  expect(await records.adapter('Interaction').findByUid('b')).toBeUndefined()
})

test('keeps what has no expiry, and hides the rest from the second on in which it expires', async () => {
  await records.adapter('Client').upsert('app', { client_id: 'app' })
  const codes = records.adapter('DeviceCode')
  await codes.upsert('one', { userCode: 'AB' }, 10)
  clock += 9_999
  expect(await codes.findByUserCode('AB')).toEqual({ userCode: 'AB' })
  clock += 1
  expect(await codes.find('one')).toBeUndefined()
  expect(await codes.findByUserCode('AB')).toBeUndefined()
  clock += 10_000_000
  expect(await records.adapter('Client').find('app')).toEqual({ client_id: 'app' })
})

test('throws expired records away when it writes, once a minute', async () => {
  const tokens = records.adapter('AccessToken')
  for (const id of ['a', 'b', 'c']) await tokens.upsert(id, {}, 10)
  clock += 59_999
  await tokens.upsert('d', {}, 100)
  expect(records.count()).toBe(4)
  clock += 1
  await tokens.upsert('e', {}, 100)
  expect(records.count()).toBe(2)
})

test('marks as consumed, and destroys', async () => {
  const codes = records.adapter('AuthorizationCode')
  await codes.upsert('one', { accountId: 'alice' }, 60)
  await codes.consume('one')
  expect(await codes.find('one')).toEqual({ accountId: 'alice', consumed: 1_000 })
  await codes.destroy('one')
  expect(await codes.find('one')).toBeUndefined()
  await codes.destroy('one')
})

test('ends the tokens and codes of a grant, and neither its session nor another grant’s', async () => {
  const grantId = 'g'
  for (const kind of ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'Session', 'Interaction']) {
    await records.adapter(kind).upsert('one', { grantId }, 60)
  }
  await records.adapter('AccessToken').upsert('two', { grantId: 'other' }, 60)
  await records.adapter('AccessToken').revokeByGrantId(grantId)
  const left = ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'Session', 'Interaction'].map((kind) =>
    records.adapter(kind).find('one'),
  )
  expect(await Promise.all(left)).toEqual([undefined, undefined, undefined, { grantId }, { grantId }])
  expect(await records.adapter('AccessToken').find('two')).toEqual({ grantId: 'other' })
})

test.each(['', 'a', 'session', '__proto__'])('refuses to keep records of the kind %j', (kind) => {
  expect(() => records.adapter(kind)).toThrow(/must keep the names of classes/)
})

test('is still there after it was closed and opened again, readable by its owner only', async () => {
  await records.adapter('Client').upsert('app', { client_id: 'app' })
  records.close()
  records = openRecords(folder, { now: () => clock })
  expect(await records.adapter('Client').find('app')).toEqual({ client_id: 'app' })
  expect(statSync(join(folder, 'identity-provider.sqlite')).mode & 0o777).toBe(0o600)
})
