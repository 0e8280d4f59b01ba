import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { systemErrorCode } from '../command/index.ts'
import { processStart } from './process-start.ts'

const lockSchema = z.object({
  pid: z.int().positive(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
})

/** Who has locked a stack of a file backend, as Pulumi notes it down. */
export type StackLock = z.infer<typeof lockSchema>

// A clock's reading and a process's start are told in steps of their own.
const toleranceMs = 2_000

/**
 * Whether the engine that took the lock is gone for certain: it ran on this machine, and its process id belongs to nobody
 * or to a process that began after the lock. Of another machine nothing is known, so its locks stay.
 * @param start when the process with that id began, in ms since 1970; `undefined` when there is none, `'unknown'` when
 *   there is one whose begin cannot be told
 */
export function isStale(lock: StackLock, thisHost: string, start: number | 'unknown' | undefined): boolean {
  if (lock.hostname !== thisHost) return false
  if (start === 'unknown') return false
  return start === undefined || start > Date.parse(lock.timestamp) + toleranceMs
}

/**
 * Removes the locks of dead engines from a stack of a file backend: a killed engine cannot do it.
 * @param state the backend's folder
 * @returns the locks that were removed
 */
export function clearStaleLocks(state: string, project: string, stack: string): StackLock[] {
  const folder = join(state, '.pulumi', 'locks', 'organization', project, stack)
  const cleared: StackLock[] = []
  for (const name of entries(folder)) {
    const file = join(folder, name)
    const lock = readLock(file)
    if (lock === undefined || !isStale(lock, hostname(), processStart(lock.pid))) continue
    rmSync(file, { force: true })
    cleared.push(lock)
  }
  return cleared
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  }
}

function readLock(file: string): StackLock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch (error) {
    // Removed in the meantime, or written at this moment: the engine itself will judge it.
    if (error instanceof SyntaxError || systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
