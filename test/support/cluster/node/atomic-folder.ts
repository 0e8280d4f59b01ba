import { chmod, chown, mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file of a volume: its bytes and its mode. */
export interface VolumeFile {
  content: Buffer
  mode: number
}

const SETGID = 0o2000

/**
 * Puts files into a folder in one step, as the kubelet does: they are in a folder with a name of its own, `..data` is a
 * symbolic link to that one and is replaced in one rename, and each top name is a link through `..data`.
 * @param files by path below the folder
 * @param group that may read them all (fsGroup); without one they are root's
 * @see https://kubernetes.io/docs/concepts/storage/projected-volumes/
 */
export async function writeAtomically(
  folder: string,
  files: ReadonlyMap<string, VolumeFile>,
  group: number | undefined,
): Promise<void> {
  const next = await mkdtemp(join(folder, '..'.concat('2')))
  await openTo(next, group)
  for (const [path, { content, mode }] of files) {
    const file = join(next, path)
    for (const parent of parentsOf(path)) {
      await mkdir(join(next, parent), { recursive: true })
      await openTo(join(next, parent), group)
    }
    await writeFile(file, content)
    await chmod(file, group === undefined ? mode : mode | 0o440)
    if (group !== undefined) await chown(file, 0, group)
  }
  const data = join(folder, '..data')
  const before = await readlink(data).catch(() => undefined)
  await symlink(basename(next), join(folder, '..data_tmp'))
  await rename(join(folder, '..data_tmp'), data)
  for (const name of new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''))) {
    await symlink(join('..data', name), join(folder, name)).catch(there)
  }
  if (before !== undefined) await rm(join(folder, before), { recursive: true, force: true })
}

function parentsOf(path: string): string[] {
  const parts = dirname(path)
    .split('/')
    .filter((part) => part !== '.')
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'))
}

async function openTo(folder: string, group: number | undefined): Promise<void> {
  await chmod(folder, 0o755)
  if (group === undefined) return
  await chown(folder, 0, group)
  await chmod(folder, 0o755 | SETGID)
}

function there(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
