import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
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

describe('a program that the stack no longer knows of', () => {
  it('is found by its own words, and stopped', async () => {
    const root = temporaryFolder()
    const folder = join(root, 'local', 'gateway')
    const child = await start('--folder', folder)
    const found = await findLeftovers(root)
    expect(found).toEqual([{ pid: child.pid, folder, args: expect.any(Array) }])
    const exit = once(child, 'exit')
    for (const leftover of found) await stopLeftover(leftover)
    expect(await exit).toEqual([0, null])
    expect(await findLeftovers(root)).toEqual([])
  })

  it('is never a process that runs for another folder', async () => {
    const root = temporaryFolder()
    await start('--folder', `${root}-2/gateway`)
    await start('--elsewhere', join(root, 'gateway'))
    expect(await findLeftovers(root)).toEqual([])
  })
})
