import { describe, expect, it } from 'vitest'

import { usableUntil } from '../../../runtime/sessions/usable-until.ts'
import { config, route } from './stage.ts'

/** Lifetimes of the stage: 100 s idle, 1,000 s altogether. */
const NOW = 1_000_000
const session = {
  brand: 'default',
  identityProvider: 'acme',
  createdAt: NOW - 1_000,
  seenAt: NOW,
  expiresAt: NOW + 999_000,
  refresh: undefined,
  authentication: { time: NOW - 1_000, acr: undefined, amr: [] },
}

describe('a session that was found usable', () => {
  it('is looked at again when its use has to be noted: after an eighth of the idle time', () => {
    expect(usableUntil(session, route, config, NOW)).toBe(NOW + 12_500)
  })

  it('at its end', () => {
    expect(usableUntil({ ...session, expiresAt: NOW + 10 }, route, config, NOW)).toBe(NOW + 10)
  })

  it('at the end of the longest life, where that was shortened since', () => {
    expect(usableUntil({ ...session, createdAt: NOW - 999_990 }, route, config, NOW)).toBe(NOW + 10)
  })

  it('when its provider has to be asked', () => {
    const refresh = { dueAt: NOW + 20, failsAt: NOW + 9_000, startedAt: undefined }
    expect(usableUntil({ ...session, refresh }, route, config, NOW)).toBe(NOW + 20)
  })

  it('soon while its provider is being asked, and when the time for that is over', () => {
    const refresh = { dueAt: NOW - 20, failsAt: NOW + 9_000, startedAt: NOW }
    expect(usableUntil({ ...session, refresh }, route, config, NOW)).toBe(NOW + 1_000)
    expect(usableUntil({ ...session, refresh: { ...refresh, failsAt: NOW + 30 } }, route, config, NOW)).toBe(NOW + 30)
  })

  it('when its sign-in is too old for the route', () => {
    expect(usableUntil(session, { ...route, signIn: { maxAgeSeconds: 2 } }, config, NOW)).toBe(NOW + 1_000)
  })
})
