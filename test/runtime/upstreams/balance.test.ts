import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Candidate, whoseTurn } from '../../../runtime/upstreams/balance.ts'
import type { Endpoint } from '../../../runtime/upstreams/index.ts'

interface Server extends Candidate {
  load: number
  up: boolean
  full: boolean
}

function server({ load = 0, up = true, full = false }: Partial<Pick<Server, 'load' | 'up' | 'full'>> = {}): Server {
  const nothing = (): never => {
    throw new Error('nobody is asked here')
  }
  const endpoint: Endpoint = { origin: 'http://a', host: 'a', send: nothing, upgrade: nothing, close: nothing }
  return { endpoint, load, up, full, isUp: () => up, hasPlace: () => !full }
}

const anyServer = fc.record({ load: fc.nat(5), up: fc.boolean(), full: fc.boolean() }).map(server)
const anyBalance = fc.constantFrom('round_robin' as const, 'least_requests' as const)
const anyChoice = fc
  .record({ servers: fc.array(anyServer, { minLength: 1, maxLength: 6 }), balance: anyBalance, next: fc.nat(5) })
  .chain((choice) =>
    fc.subarray(choice.servers).map((tried) => ({
      ...choice,
      next: choice.next % choice.servers.length,
      tried: tried.map(({ endpoint }) => endpoint),
    })),
  )

/** Holds for every choice; `chosen` is undefined when nobody was. */
function expectAlways(
  holds: (chosen: Server | undefined, choice: { servers: Server[]; tried: Endpoint[]; balance: string }) => boolean,
): void {
  fc.assert(
    fc.property(anyChoice, ({ servers, balance, next, tried }) =>
      holds(servers[whoseTurn(balance, servers, next, 'requests', tried)], { servers, tried, balance }),
    ),
    { seed: 6, numRuns: 500 },
  )
}

describe('whatever the servers are like', () => {
  test('one that is down is never chosen while one is up', () => {
    expectAlways((chosen, { servers }) => !chosen || chosen.up || servers.every(({ up }) => !up))
  })

  test('nobody is chosen exactly when all have no place that may be asked', () => {
    expectAlways((chosen, { servers }) => {
      const asked = servers.some(({ up }) => up) ? servers.filter(({ up }) => up) : servers
      return chosen ? !chosen.full : asked.every(({ full }) => full)
    })
  })

  test('one that was tried is passed over while there is another as good', () => {
    expectAlways((chosen, { servers, tried }) => {
      if (!chosen || !tried.includes(chosen.endpoint)) return true
      return servers.every(({ up, full, endpoint }) => up !== chosen.up || full || tried.includes(endpoint))
    })
  })

  test('least requests chooses no one that has more than another as good', () => {
    expectAlways((chosen, { servers, tried, balance }) => {
      if (!chosen || balance !== 'least_requests') return true
      const isTried = tried.includes(chosen.endpoint)
      const asGood = servers.filter(
        ({ up, full, endpoint }) => up === chosen.up && !full && tried.includes(endpoint) === isTried,
      )
      return chosen.load === Math.min(...asGood.map(({ load }) => load))
    })
  })
})

test.each(['round_robin', 'least_requests'] as const)('%s gives all that are up and idle equally many', (balance) => {
  fc.assert(
    fc.property(fc.array(anyServer, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 5 }), (some, rounds) => {
      const servers = some.map(({ up, full }) => server({ up, full }))
      const able = servers.filter(({ up, full }) => up && !full)
      if (able.length === 0) return
      const counts = new Map<Server, number>(able.map((one) => [one, 0]))
      let next = 0
      for (let turn = 0; turn < rounds * able.length; turn += 1) {
        const at = whoseTurn(balance, servers, next, 'requests', [])
        const chosen = servers[at]
        if (!chosen) throw new Error('nobody was chosen')
        counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
        next = (at + 1) % servers.length
      }
      expect([...counts.values()]).toEqual(able.map(() => rounds))
    }),
    { seed: 6 },
  )
})
