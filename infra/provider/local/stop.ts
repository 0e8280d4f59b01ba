import { setTimeout as delay } from 'node:timers/promises'

import { ProviderError } from '../errors.ts'
import { isRunning, removePidFile } from './pid-file.ts'

/** How long a program may take to finish what it does, and the system to end it, in milliseconds. */
const TERM_MS = 10_000
const KILL_MS = 5_000

/**
 * Ends the program of a folder: asks, waits, then forces it together with what it has started.
 * @throws ProviderError `stop_failed` when it survives even that
 */
export async function stopProcess(folder: string, pid: number): Promise<void> {
  signalProcess(pid, 'SIGTERM')
  if (!(await endsWithin(TERM_MS, folder, pid))) {
    // It leads its own process group, as it was started in a session of its own.
    signalProcess(-pid, 'SIGKILL')
    if (!(await endsWithin(KILL_MS, folder, pid))) {
      throw new ProviderError('stop_failed', `Process ${pid} of ${folder} does not end: end it by hand, then try again`)
    }
  }
  await removePidFile(folder, `${pid}\n`)
}

/**
 * Sends a signal.
 * @returns false when there is no such process
 */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

async function endsWithin(milliseconds: number, folder: string, pid: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (await isRunning(folder, pid)) {
    if (Date.now() >= deadline) return false
    await delay(20)
  }
  return true
}
