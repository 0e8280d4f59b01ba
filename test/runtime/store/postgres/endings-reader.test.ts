import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Result, Row, Statement } from '../../../../runtime/store/sql/index.ts'
import { createEndingsReader } from '../../../../runtime/store/postgres/endings-reader.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

/** What the database answers: the horizon, and endings at or above the one that was asked for. */
function answer(horizon: number, ...seqs: number[]): () => Promise<Result> {
  const rows: Row[] = seqs.map((seq) => ({ horizon: String(horizon), seq, session_id: `session-${seq}` }))
  const none: Row = { horizon: String(horizon), seq: null, session_id: null }
  return () => Promise.resolve({ rows: rows.length > 0 ? rows : [none], count: rows.length })
}

async function started() {
  const reader = createEndingsReader()
  await reader.read(answer(10))
  return reader
}

it('knows nothing at first', async () => {
  expect(await createEndingsReader().read(answer(10))).toBe('everything')
})

it('tells each ending once, for as long as it is read again', async () => {
  const reader = await started()
  expect(await reader.read(answer(10, 2))).toEqual(['session-2'])
  expect(await reader.read(answer(10, 1, 2))).toEqual(['session-1'])
  expect(await reader.read(answer(12, 1, 2, 3))).toEqual(['session-3'])
  expect(await reader.read(answer(12))).toEqual([])
})

it('asks from the last horizon on', async () => {
  const reader = await started()
  const asked: Statement[] = []
  await reader.read((statement) => {
    asked.push(statement)
    return answer(14)()
  })
  expect(asked[0]?.values).toEqual(['10'])
})

it('begins again after a gap in which endings may have been removed', async () => {
  const reader = await started()
  vi.setSystemTime(1_000_000 + 120_001)
  expect(await reader.read(answer(90))).toBe('everything')
  expect(await reader.read(answer(90, 7))).toEqual(['session-7'])
})

it('begins again when it was told to forget, even while it was reading', async () => {
  const reader = await started()
  await reader.read(() => {
    reader.forget()
    return answer(11)()
  })
  expect(await reader.read(answer(11))).toBe('everything')
  expect(await reader.read(answer(11, 4))).toEqual(['session-4'])
})

it('does not name very many, and does not tell of them again', async () => {
  const reader = await started()
  const seqs = Array.from({ length: 1_001 }, (_, index) => index)
  expect(await reader.read(answer(10, ...seqs))).toBe('everything')
  expect(await reader.read(answer(10, ...seqs, 1_001))).toEqual(['session-1001'])
})

it('begins again when there are more than it reads', async () => {
  const reader = await started()
  const seqs = Array.from({ length: 10_001 }, (_, index) => index)
  expect(await reader.read(answer(10, ...seqs))).toBe('everything')
  expect(await reader.read(answer(20))).toBe('everything')
  expect(await reader.read(answer(20))).toEqual([])
})

it('does not tell of what ended before it began', async () => {
  const reader = createEndingsReader()
  expect(await reader.read(answer(10, 3))).toBe('everything')
  expect(await reader.read(answer(10, 3, 4))).toEqual(['session-4'])
})

it('stays where it was when reading fails', async () => {
  const reader = await started()
  await expect(reader.read(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  expect(await reader.read(answer(10, 5))).toEqual(['session-5'])
})
