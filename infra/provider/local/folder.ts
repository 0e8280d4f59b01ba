import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { ProviderError } from '../errors.ts'

/** What stands at a path: nothing, an empty folder, one of ours (it has releases), or something else. */
export type FolderKind = 'absent' | 'empty' | 'ours' | 'foreign'

export async function kindOfFolder(folder: string): Promise<FolderKind> {
  try {
    const names = await readdir(folder)
    if (names.length === 0) return 'empty'
    return names.includes('releases') ? 'ours' : 'foreign'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'absent'
    if (code === 'ENOTDIR') return 'foreign'
    throw error
  }
}

/**
 * Refuses a folder with something else in it: a destroy removes the folder with all that it holds.
 * @throws ProviderError `folder_not_ours`
 */
export async function requireUsable(folder: string): Promise<void> {
  if ((await kindOfFolder(folder)) !== 'foreign') return
  throw new ProviderError(
    'folder_not_ours',
    `${folder} holds something that is not a program's folder: name another one`,
  )
}

/** Makes what a program's folder needs, for its owner alone. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'releases'), { recursive: true, mode: 0o700 })
  await mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 })
}

/**
 * Makes sure that a folder can be moved, before anything is stopped for it.
 * @throws ProviderError `folder_not_ours` when something is at the new place already
 */
export async function requireMovable(from: string, to: string): Promise<void> {
  const target = await kindOfFolder(to)
  const occupied = target === 'foreign' || (target === 'ours' && (await kindOfFolder(from)) !== 'absent')
  if (!occupied) return
  throw new ProviderError('folder_not_ours', `${from} cannot be moved to ${to}, where there is something already`)
}

/** Moves the folder of a program that does not run. A move that had come through before counts as done. */
export async function moveFolder(from: string, to: string): Promise<void> {
  if ((await kindOfFolder(from)) === 'absent') return
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    // Another file system. Links inside are relative and stay what they are.
    await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    await rm(from, { recursive: true, force: true })
  }
}

/** Removes a program's folder with all that it holds; one that is not ours stays. */
export async function removeFolder(folder: string): Promise<void> {
  const kind = await kindOfFolder(folder)
  if (kind === 'foreign') await requireUsable(folder)
  await rm(folder, { recursive: true, force: true })
}
