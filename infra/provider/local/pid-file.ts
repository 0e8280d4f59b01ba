import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { commandLineOf, listPrograms, servesFolder } from './process-table.ts'

/** A starter creates the file and writes into it at once; an empty one that is older than this is a leftover. */
const EMPTY_FOR_MS = 1_000

/** The process that the pid file of a folder names. */
export interface RunningProcess {
  pid: number
  /** When the pid file was made, in milliseconds since 1970. */
  startedAt: number
  /** Its command line, in one piece where the system tells it only so. */
  args: readonly string[]
}

/**
 * Finds the program that runs for a folder, by its pid file; where that is missing or wrong, by its command line, and
 * the file is made anew. One that names a dead process, a zombie, or a stranger that was given the same pid, is removed.
 */
export async function findRunning(folder: string): Promise<RunningProcess | undefined> {
  const file = join(folder, 'pid')
  const seen = await readPidFile(file)
  if (seen === undefined) return findByCommandLine(folder)
  const args = seen.pid === undefined ? undefined : await commandLineOf(seen.pid)
  if (seen.pid !== undefined && args !== undefined && servesFolder(args, folder)) {
    return { pid: seen.pid, startedAt: seen.madeAt, args }
  }
  await removePidFile(folder, seen.text)
  return findByCommandLine(folder)
}

async function findByCommandLine(folder: string): Promise<RunningProcess | undefined> {
  const found = (await listPrograms()).find((program) => program.folder === folder)
  if (found === undefined) return undefined
  await writeFile(join(folder, 'pid'), `${found.pid}\n`, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    // Its folder is gone, or a starter was faster: it runs all the same.
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  })
  // Nobody knows when it started: long enough ago to be ready by now.
  return { pid: found.pid, startedAt: 0, args: found.args }
}

/** Whether a process still runs for a folder. */
export async function isRunning(folder: string, pid: number): Promise<boolean> {
  const args = await commandLineOf(pid)
  return args !== undefined && servesFolder(args, folder)
}

/**
 * Removes the pid file if it still says what the caller has seen. It is taken away first and looked at then: between
 * looking and removing, another starter could have put a living one in its place.
 */
export async function removePidFile(folder: string, text: string): Promise<void> {
  const file = join(folder, 'pid')
  const taken = join(folder, `.pid.${randomBytes(6).toString('hex')}`)
  try {
    await rename(file, taken)
    if ((await readFile(taken, 'utf8')) !== text) await link(taken, file)
  } catch (error) {
    // Already removed, or made anew, by another starter: either way there is nothing left to do.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error
  }
  await rm(taken, { force: true })
}

interface PidFile {
  text: string
  pid: number | undefined
  madeAt: number
}

async function readPidFile(file: string): Promise<PidFile | undefined> {
  for (;;) {
    try {
      const text = await readFile(file, 'utf8')
      const { mtimeMs } = await stat(file)
      const pid = /^[1-9]\d{0,9}\n$/.test(text) ? Number(text) : undefined
      if (pid !== undefined || Date.now() - mtimeMs > EMPTY_FOR_MS) return { text, pid, madeAt: mtimeMs }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    await delay(20)
  }
}
