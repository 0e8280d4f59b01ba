import { readFileSync } from 'node:fs'
import { systemErrorCode } from '../command/index.ts'

// Linux tells times of processes in hundredths of a second on every architecture (USER_HZ, proc_pid_stat(5)).
const ticksPerSecond = 100

/**
 * When a process began, which tells it from a later one with the same id.
 * @returns ms since 1970; `undefined` when there is no such process, or only what is left of an ended one; `'unknown'`
 *   when it lives but this system does not tell
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processStart(pid: number): number | 'unknown' | undefined {
  if (!isAlive(pid)) return undefined
  const stat = read(`/proc/${pid}/stat`)
  const bootSeconds = /^btime (\d+)$/m.exec(read('/proc/stat'))?.[1]
  // The name is in parentheses and may hold anything; fields count from its end.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === 'Z') return undefined
  const ticks = Number(fields[18])
  if (bootSeconds === undefined || Number.isNaN(ticks)) return 'unknown'
  return (Number(bootSeconds) + ticks / ticksPerSecond) * 1_000
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // A system without /proc, or a process that ended just now.
    return ''
  }
}
