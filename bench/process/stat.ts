/** What `/proc/<pid>/stat` says of a process (proc(5)). */
export interface ProcessStat {
  pid: number
  parent: number
  /** Processor time in user and kernel mode, in clock ticks. */
  ticks: number
}

/**
 * Reads one line of `/proc/<pid>/stat`. The name in parentheses may hold spaces and parentheses of its own, so fields are
 * counted from its end.
 * @throws RangeError when the text is no such line
 */
export function parseStat(text: string): ProcessStat {
  const end = text.lastIndexOf(')')
  const pid = Number.parseInt(text, 10)
  // From field 3 (state) on.
  const fields = text.slice(end + 2).split(' ')
  const parent = Number(fields[1])
  const ticks = Number(fields[11]) + Number(fields[12])
  if (end < 0 || !Number.isSafeInteger(pid + parent + ticks))
    throw new RangeError('this is no line of /proc/<pid>/stat')
  return { pid, parent, ticks }
}

/** A process and all that descend from it, among those that are given. */
export function descendants(root: number, all: readonly ProcessStat[]): ProcessStat[] {
  const family = new Set([root])
  // A child may have a lower number than its parent, once numbers have gone round.
  for (let grown = -1; grown !== family.size;) {
    grown = family.size
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid)
  }
  return all.filter(({ pid }) => family.has(pid))
}

/** Resident memory in `/proc/<pid>/status`, in KiB; 0 for a process that has ended. */
export function parseResidentKiB(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
}
