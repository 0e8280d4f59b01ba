import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemErrorCode } from '../command/index.ts'
import { processStart } from './process-start.ts'

// A program has ten seconds to finish (docs/architecture.md, "A program and its folder").
const graceMs = 12_000
const pollMs = 50

/** A program of the local stack that still runs. */
export interface Leftover {
  pid: number
  /** The program's folder. */
  folder: string
}

/**
 * Finds the programs that run out of a folder: those with a `pid` file somewhere below whose process was started with
 * `--folder <that folder>`. A process id alone proves nothing: it may be somebody else's by now.
 */
export function findLeftovers(root: string): Leftover[] {
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'pid')
    .map((entry) => ({ folder: entry.parentPath, pid: readPid(join(entry.parentPath, entry.name)) }))
    .filter((entry): entry is Leftover => entry.pid !== undefined && runsFor(entry.pid, entry.folder))
}

/** Ends a program: SIGTERM, and SIGKILL when it has not ended after its grace. Returns when it is gone. */
export async function stopLeftover({ pid, folder }: Leftover): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    send(pid, signal)
    for (const deadline = Date.now() + graceMs; Date.now() < deadline; await delay(pollMs)) {
      if (!runsFor(pid, folder)) return
    }
  }
  throw new Error(`Process ${pid} of ${dirname(folder)} does not end.`)
}

/** The first number in the file: it stands alone or as the `pid` of a JSON object. */
function readPid(file: string): number | undefined {
  const text = readFileSync(file, 'utf8')
  const digits = (/"pid"\s*:\s*(\d+)/.exec(text) ?? /^\s*(\d+)/.exec(text))?.[1]
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits)
}

function runsFor(pid: number, folder: string): boolean {
  if (processStart(pid) === undefined) return false
  return `${commandLine(pid).trimEnd()} `.includes(` --folder ${folder} `)
}

function commandLine(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 })
  } catch {
    // It has ended in the meantime.
    return ''
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error
  }
}
