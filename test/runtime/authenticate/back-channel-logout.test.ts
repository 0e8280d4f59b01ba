import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { AuthenticateContext } from '../../../runtime/authenticate/index.ts'
import { endByBackChannel } from '../../../runtime/authenticate/back-channel-logout.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'

const notice = { issuer: 'https://idp.acme.example', who: { sid: 'sid-1' }, jti: 'jti-1' }
let store: Store
beforeEach(() => {
  store = openSqliteStore(':memory:')
  return () => store.close()
})

/** A gateway whose provider has sent a good token, and whose store ends sessions as the test says. */
function contextThat(endOf: () => Promise<number>): AuthenticateContext {
  const provider = { verifyLogoutToken: async () => ({ ...notice, expiresAt: Date.now() + 300_000 }) }
  const log = { info: vi.fn<() => void>(), warn: vi.fn<() => void>(), error: vi.fn<() => void>() }
  return { store, providers: new Map([['acme', provider]]), sessions: { endOf }, log } as never
}

const message = () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return new Request('https://login.acme.example/', { method: 'POST', headers, body: 'logout_token=x' })
}

describe('a logout token', () => {
  it('counts again when the store failed before its sessions had ended', async () => {
    const failing = contextThat(() => Promise.reject(new Error('the store failed')))
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await expect(endByBackChannel(failing, 'acme', message())).rejects.toThrow('the store failed')
      vi.setSystemTime(Date.now() + 16_000)
      const ended = vi.fn<() => Promise<number>>(async () => 1)
      expect((await endByBackChannel(contextThat(ended), 'acme', message())).status).toBe(200)
      expect(ended).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts once', async () => {
    const ended = vi.fn<() => Promise<number>>(async () => 1)
    const answers = [await endByBackChannel(contextThat(ended), 'acme', message())]
    answers.push(await endByBackChannel(contextThat(ended), 'acme', message()))
    expect(answers.map(({ status }) => status)).toEqual([200, 400])
    expect(ended).toHaveBeenCalledTimes(1)
  })
})
