import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type AccessEntry, accessLine } from '../../../runtime/server/access-log.ts'

const entry: AccessEntry = {
  requestId: '0e7f6d3c-0000-4000-8000-000000000000',
  method: 'GET',
  host: 'wiki.acme.example',
  path: '/pages/1',
  status: 200,
  ms: 1.26,
  route: 'wiki',
  person: 'p-1',
  complete: true,
}

describe('the line of an answered request', () => {
  it('says who asked for what, and what came of it', () => {
    expect(JSON.parse(accessLine(entry, 'gateway', 0))).toEqual({
      level: 'info',
      time: '1970-01-01T00:00:00.000Z',
      program: 'gateway',
      requestId: entry.requestId,
      method: 'GET',
      host: 'wiki.acme.example',
      path: '/pages/1',
      status: 200,
      ms: 1.3,
      route: 'wiki',
      person: 'p-1',
      msg: 'Answered',
    })
  })

  it('leaves out what is not known, and says when an answer was not finished', () => {
    const line = accessLine({ ...entry, host: undefined, route: undefined, person: undefined, complete: false }, 'g', 1)
    expect(Object.keys(JSON.parse(line) as object)).not.toContain('host')
    expect(JSON.parse(line)).toMatchObject({ msg: 'Broken off', time: '1970-01-01T00:00:00.001Z' })
  })

  it('is one line of JSON whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (path, host) => {
        const line = accessLine({ ...entry, path, host }, 'gateway', 0)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(JSON.parse(line)).toMatchObject({ path, host })
      }),
    )
  })
})
