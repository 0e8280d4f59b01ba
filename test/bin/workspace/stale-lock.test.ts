import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clearStaleLocks, isStale, type StackLock } from '../../../bin/workspace/stale-lock.ts'
import { temporaryFolder } from '../folder.ts'

const lockedAt = '2026-01-02T03:04:05.123456789Z'
const lock: StackLock = { pid: 4711, username: 'alice', hostname: 'here', timestamp: lockedAt }
const before = Date.parse(lockedAt) - 60_000
const after = Date.parse(lockedAt) + 60_000

async function deadPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid ?? 0
}

/** A backend with one lock on the stack; gives the lock's file. */
function backend(content: Partial<StackLock> | string): { state: string; file: string } {
  const state = temporaryFolder()
  const folder = join(state, '.pulumi', 'locks', 'organization', 'gatewright', 'local')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, '637eb815.json')
  const whole = { ...lock, hostname: hostname(), timestamp: new Date().toISOString() }
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify({ ...whole, ...content }))
  return { state, file }
}

describe('a lock', () => {
  it.each([
    ['no process has its id', 'here', undefined, true],
    ['a later process has its id', 'here', after, true],
    ['its process runs', 'here', before, false],
    ['begin of its process cannot be told', 'here', 'unknown' as const, false],
    ['it was taken on another machine', 'there', undefined, false],
  ])('when %s', (_, host, start, stale) => {
    expect(isStale(lock, host, start)).toBe(stale)
  })

  it('of a dead engine on this machine is removed and told', async () => {
    const pid = await deadPid()
    const { state, file } = backend({ pid })
    expect(clearStaleLocks(state, 'gatewright', 'local')).toEqual([expect.objectContaining({ pid })])
    expect(existsSync(file)).toBe(false)
    expect(clearStaleLocks(state, 'gatewright', 'local')).toEqual([])
  })

  it('of a living engine stays', () => {
    const { state, file } = backend({ pid: process.pid })
    expect(clearStaleLocks(state, 'gatewright', 'local')).toEqual([])
    expect(existsSync(file)).toBe(true)
  })

  it('whose process id was given to a later process is removed', () => {
    const { state, file } = backend({ pid: process.pid, timestamp: '2001-01-01T00:00:00+02:00' })
    expect(clearStaleLocks(state, 'gatewright', 'local')).toHaveLength(1)
    expect(existsSync(file)).toBe(false)
  })

  it('of another machine stays, dead or not', async () => {
    const { state, file } = backend({ pid: await deadPid(), hostname: `not-${hostname()}` })
    expect(clearStaleLocks(state, 'gatewright', 'local')).toEqual([])
    expect(existsSync(file)).toBe(true)
  })

  it.each(['', '{"pid":', '{"pid":-1}', '[]'])('that cannot be read stays: %j', (content) => {
    const { state, file } = backend(content)
    expect(clearStaleLocks(state, 'gatewright', 'local')).toEqual([])
    expect(existsSync(file)).toBe(true)
  })

  it('of another stack stays', async () => {
    const { state, file } = backend({ pid: await deadPid() })
    expect(clearStaleLocks(state, 'gatewright', 'other')).toEqual([])
    expect(existsSync(file)).toBe(true)
  })
})
