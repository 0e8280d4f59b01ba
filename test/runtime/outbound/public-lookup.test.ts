import type { LookupOptions } from 'node:dns'

import { describe, expect, it } from 'vitest'

import { publicLookup } from '../../../runtime/outbound/public-lookup.ts'

/** What a socket would be told. */
function look(hostname: string, options: LookupOptions): Promise<{ code: unknown; found: unknown }> {
  return new Promise((resolve) => {
    publicLookup(hostname, options, (error, found) => resolve({ code: error?.code, found }))
  })
}

describe('a name, when the connection is made', () => {
  it.each<[string, LookupOptions]>([
    ['localhost', {}],
    ['localhost', { all: true }],
    ['idp.gw.localhost', { all: true }],
    ['127.0.0.1', { all: true }],
    ['10.0.0.1', {}],
    ['::1', { all: true }],
    ['::ffff:10.0.0.1', { all: true }],
  ])('%s with %o leads nowhere', async (hostname, options) => {
    expect((await look(hostname, options)).code).toBe('ERR_PRIVATE_ADDRESS')
  })

  it('that leads to the internet is given as it was found', async () => {
    expect(await look('8.8.8.8', {})).toEqual({ code: undefined, found: '8.8.8.8' })
    const found = [{ address: '8.8.8.8', family: 4 }]
    expect(await look('8.8.8.8', { all: true })).toEqual({ code: undefined, found })
  })
})
