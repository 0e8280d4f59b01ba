import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  chmod,
  chown,
  copyFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { ProviderError } from '../errors.ts'
import { environmentPath, unitPath } from './names.ts'
import type { ServiceSpec } from './schema.ts'
import { haveOneOwner, UNIT_HEADER } from './unit-file.ts'
import type { Account } from './user.ts'

/** The variable by which a running service tells what it was started with. */
export const LAUNCH = 'GATEWRIGHT_LAUNCH'

/** What only a restart changes: a digest over the unit and its environment. */
export function launchOf({ unitFile, environmentFile }: Pick<ServiceSpec, 'unitFile' | 'environmentFile'>): string {
  return createHash('sha256')
    .update(JSON.stringify([unitFile, environmentFile]))
    .digest('hex')
}

/**
 * Refuses to write over a unit that somebody else has made, or another stack.
 * @throws ProviderError `unit_not_ours`
 */
export async function requireOurs({ unit, unitFile }: Pick<ServiceSpec, 'unit' | 'unitFile'>): Promise<void> {
  const text = await readText(unitPath(unit))
  if (text === undefined || (text.startsWith(UNIT_HEADER) && haveOneOwner(text, unitFile))) return
  throw new ProviderError('unit_not_ours', `${unitPath(unit)} is somebody else's: move it away, or rename the stack`)
}

/**
 * Makes the folders of a service. It may read what it is given, and change nothing of it: only its data is its own.
 */
export async function makeFolders({ folder, programs }: ServiceSpec, { uid, gid }: Account): Promise<void> {
  for (const path of [dirname(folder), programs]) await makeOpenFolder(path)
  for (const path of [folder, join(folder, 'releases')]) await ownFolder(path, 0o750, { uid: 0, gid })
  const data = join(folder, 'data')
  await ownFolder(data, 0o700, { uid, gid })
  // Those of a former account. Not what a link leads to: who has the folder may have put one there.
  for (const name of await readdir(data)) await lchown(join(data, name), uid, gid)
}

/** Whoever the gateway runs as has to come by, whatever root's umask is. Folders that are there already are left as they are. */
async function makeOpenFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755)
}

async function ownFolder(path: string, mode: number, { uid, gid }: Account): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  // A link in its place would give somebody else's folder away.
  if (!(await lstat(path)).isDirectory()) throw new ProviderError('folder_not_ours', `${path} is no folder`)
  await chown(path, uid, gid)
  await chmod(path, mode)
}

/** Copies executables that are not there yet, for everybody to run and nobody to change. */
export async function installExecutables({ programs, executables }: ServiceSpec): Promise<void> {
  for (const [name, source] of Object.entries(executables)) {
    const place = join(programs, name)
    if (await isInstalled(place, source)) continue
    const draft = draftOf(place)
    try {
      await copyFile(source, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
      await chown(draft, 0, 0)
      await chmod(draft, 0o755)
      await rename(draft, place)
    } finally {
      await rm(draft, { force: true })
    }
  }
}

/** The names of those that are there as they should be. */
export async function installedExecutables({
  programs,
  executables,
}: Pick<ServiceSpec, 'programs' | 'executables'>): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [name, source] of Object.entries(executables)) {
    if (await isInstalled(join(programs, name), source)) found[name] = source
  }
  return found
}

/** A name stands for a content; a copy that broke off never had the name. What is of another size was changed by hand. */
async function isInstalled(place: string, source: string): Promise<boolean> {
  const [there, wanted] = await Promise.all([stat(place).catch(missing), stat(source).catch(missing)])
  return there !== undefined && (wanted === undefined || there.size === wanted.size)
}

/** Removes executables of former versions. */
export async function removeOtherExecutables({ programs, executables }: ServiceSpec): Promise<void> {
  const others = (await readdir(programs)).filter((name) => !Object.hasOwn(executables, name))
  for (const name of others) await rm(join(programs, name), { force: true })
}

/** Writes the unit and its environment, each in one rename. @returns whether systemd has to read the unit anew */
export async function writeUnit(spec: ServiceSpec): Promise<boolean> {
  const { unit, unitFile, environmentFile } = spec
  await makeOpenFolder(dirname(environmentPath(unit)))
  await writeText(environmentPath(unit), `${environmentFile}${LAUNCH}="${launchOf(spec)}"\n`, 0o600)
  return writeText(unitPath(unit), unitFile, 0o644)
}

/** What stands in the unit's files; empty texts where they are not there. */
export async function readUnit(unit: string): Promise<Pick<ServiceSpec, 'unitFile' | 'environmentFile'>> {
  const environment = (await readText(environmentPath(unit))) ?? ''
  const own = environment.lastIndexOf(`${LAUNCH}=`)
  return {
    unitFile: (await readText(unitPath(unit))) ?? '',
    environmentFile: own === -1 ? environment : environment.slice(0, own),
  }
}

/** Removes all that a service has, but for drop-ins, which its administrator made. */
export async function removeFiles({ unit, folder, programs }: Pick<ServiceSpec, 'unit' | 'folder' | 'programs'>) {
  for (const file of [unitPath(unit), environmentPath(unit)]) await rm(file, { force: true })
  for (const path of [folder, programs]) await rm(path, { recursive: true, force: true })
  const above = [folder, programs].flatMap((path) => [dirname(path), dirname(dirname(path))])
  for (const path of [...above, dirname(environmentPath(unit))]) {
    await rmdir(path).catch(stillUsed)
  }
}

async function writeText(file: string, text: string, mode: number): Promise<boolean> {
  if ((await readText(file)) === text) return false
  const draft = draftOf(file)
  await writeFile(draft, text, { mode, flag: 'wx' })
  await rename(draft, file)
  return true
}

function draftOf(file: string): string {
  return join(dirname(file), `.gatewright.${randomBytes(6).toString('hex')}`)
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(missing)
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Other stacks may have theirs there, and a disk may be mounted there. */
function stillUsed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT' && error.code !== 'EBUSY') throw error
}
