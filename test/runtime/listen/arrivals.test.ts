import { Socket } from 'node:net'

import { expect, it, vi } from 'vitest'

import { beginTogether } from '../../../runtime/listen/arrivals.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

it('a connection that arrives alone begins in the next turn', async () => {
  const begun: Socket[] = []
  const accepted = beginTogether((socket) => begun.push(socket))
  const socket = new Socket()
  accepted(socket)
  expect(begun).toEqual([])
  await vi.waitFor(() => expect(begun).toEqual([socket]))
})

it('those that arrive one in a turn begin together, in their order, and one that is gone does not', async () => {
  const begun: Socket[] = []
  const accepted = beginTogether((socket) => begun.push(socket))
  const sockets = Array.from({ length: 5 }, () => new Socket())
  for (const socket of sockets) {
    accepted(socket)
    expect(begun).toEqual([])
    await nextTurn()
  }
  sockets[1]?.destroy()
  await vi.waitFor(() => expect(begun).toEqual(sockets.filter((_, index) => index !== 1)))
})

it('no connection waits for long', async () => {
  const begun: Socket[] = []
  const accepted = beginTogether((socket) => begun.push(socket))
  const first = new Socket()
  accepted(first)
  for (let turns = 0; begun.length === 0 && turns < 100_000; turns += 1) {
    await nextTurn()
    accepted(new Socket())
  }
  expect(begun[0]).toBe(first)
})
