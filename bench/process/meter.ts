import { readdirSync, readFileSync } from 'node:fs'

import { descendants, parseResidentKiB, parseStat, type ProcessStat } from './stat.ts'

/** Linux tells processor time in hundredths of a second, whatever the kernel's own clock (USER_HZ). */
const MICROS_PER_TICK = 10_000

/** What a process and its children have used. */
export interface Usage {
  /** Processor time since each of them began, in microseconds; its grain is 10,000. */
  cpuMicros: number
  /** Resident memory now; pages that several share count for each. */
  rssMiB: number
}

/** Reads what a program uses at this moment, with all processes that it started and that still run. */
export function readUsage(root: number): Usage {
  const family = descendants(root, allProcesses())
  const ticks = family.reduce((sum, stat) => sum + stat.ticks, 0)
  const kib = family.reduce((sum, { pid }) => sum + parseResidentKiB(readIfThere(`/proc/${pid}/status`)), 0)
  return { cpuMicros: ticks * MICROS_PER_TICK, rssMiB: kib / 1_024 }
}

function allProcesses(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const text = readIfThere(`/proc/${name}/stat`)
      return text === '' ? [] : [parseStat(text)]
    })
}

/** Processes end while they are listed. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH') return ''
    throw error
  }
}
