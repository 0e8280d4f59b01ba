import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findLeftovers, stopLeftover } from '../../../bin/workspace/leftovers.ts'
import { temporaryFolder } from '../folder.ts'

/** A program that says that it is up, and ends on SIGTERM. */
async function start(...args: string[]): Promise<ChildProcess> {
  const program = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')"
  const child = spawn(process.execPath, ['-e', program, '--', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

function pidFile(folder: string, content: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'pid'), content)
  return folder
}

describe('a program that the stack no longer knows of', () => {
  it('is found by its pid file and its own words, and stopped', async () => {
    const root = temporaryFolder()
    const folder = join(root, 'local', 'gateway')
    const child = await start('--folder', folder)
    pidFile(folder, JSON.stringify({ start: 1, pid: child.pid }))
    const found = findLeftovers(root)
    expect(found).toEqual([{ pid: child.pid, folder }])
    const exit = once(child, 'exit')
    for (const leftover of found) await stopLeftover(leftover)
    expect(await exit).toEqual([0, null])
    expect(findLeftovers(root)).toEqual([])
  })

  it('is never a process that runs for another folder, whatever a pid file says', async () => {
    const root = temporaryFolder()
    const child = await start('--folder', join(root, 'gateway-2'))
    pidFile(join(root, 'gateway'), `${child.pid}\n`)
    pidFile(join(root, 'self'), `${process.pid}`)
    pidFile(join(root, 'broken'), 'x')
    pidFile(join(root, 'zero'), '0')
    expect(findLeftovers(root)).toEqual([])
  })

  it('is none where there is no folder', () => {
    expect(findLeftovers(join(temporaryFolder(), 'nothing'))).toEqual([])
  })
})
