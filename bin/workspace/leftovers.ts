import { sep } from 'node:path'
import { listPrograms, type Program, stopProcess } from '../../infra/provider/index.ts'

/** Finds the programs that run for a folder below `root`, whatever has become of their files. */
export async function findLeftovers(root: string): Promise<Program[]> {
  return (await listPrograms()).filter(({ folder }) => folder.startsWith(root + sep))
}

/**
 * Ends a program: asks, waits for its grace, then forces it.
 * @throws ProviderError `stop_failed` when it survives even that
 */
export function stopLeftover({ pid, folder }: Program): Promise<void> {
  return stopProcess(folder, pid)
}
