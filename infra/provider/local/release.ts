import { createHash, randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { basename, join } from 'node:path'

import { containsUnknown, isProperties, type Properties, type PropertyValue, UNKNOWN } from '../properties.ts'

/** What a release is made of. */
export interface ReleaseContent {
  config: Properties
  secrets: Readonly<Record<string, string>>
}

export interface Written {
  generation: string
  fresh: boolean
}

/** Hex digits of a generation: 64 bits, enough to tell releases of one folder apart. */
const GENERATION_DIGITS = 16

/** Names a release after its content: the same config and secrets have the same name on every machine. */
export function generationOf({ config, secrets }: ReleaseContent): string {
  const text = JSON.stringify([sorted(config), sorted({ ...secrets })])
  return createHash('sha256').update(text).digest('hex').slice(0, GENERATION_DIGITS)
}

/** Outputs of something that runs a release of its inputs: the inputs, and the release's name where all of it is known. */
export function planRelease(inputs: Properties): Properties {
  const { config = {}, secrets = {} } = inputs
  const known = !containsUnknown(config) && !containsUnknown(secrets)
  const content = { config: config as Properties, secrets: secrets as Record<string, string> }
  return { ...inputs, generation: known ? generationOf(content) : UNKNOWN }
}

/**
 * Puts a release into its place, unless it is there already. A draft is renamed, so nobody ever sees half of one.
 * @param folder the program's folder
 * @param readers group that may read it as well; who made it alone where there is none
 * @returns its generation, and whether anything had to be written
 */
export async function writeRelease(folder: string, content: ReleaseContent, readers?: number): Promise<Written> {
  const generation = generationOf(content)
  const place = releasePath(folder, generation)
  if (await holds(place, generation)) {
    // It may have been written for another account's group.
    if (readers !== undefined) await showTo(readers, place)
    return { generation, fresh: false }
  }

  const draft = join(folder, 'releases', `.${generation}.${randomBytes(6).toString('hex')}`)
  await mkdir(join(draft, 'secrets'), { recursive: true, mode: 0o700 })
  await writeFile(join(draft, 'config.json'), `${JSON.stringify(content.config, undefined, 2)}\n`, { mode: 0o600 })
  await writeFile(join(draft, 'generation'), `${generation}\n`, { mode: 0o600 })
  for (const [name, value] of Object.entries(content.secrets)) {
    await writeFile(join(draft, 'secrets', name), value, { mode: 0o600 })
  }
  if (readers !== undefined) await showTo(readers, draft)
  await settle(draft, place, generation)
  return { generation, fresh: true }
}

/** Lets a group read a release, and nobody but its maker change it. */
async function showTo(gid: number, place: string): Promise<void> {
  const { uid } = await stat(place)
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    await chown(path, uid, gid)
    await chmod(path, entry.isDirectory() ? 0o750 : 0o640)
  }
  await chown(place, uid, gid)
  await chmod(place, 0o750)
}

/** Makes `current` point to a release, in one rename. */
export async function pointCurrent(folder: string, generation: string): Promise<void> {
  const link = join(folder, `.current.${randomBytes(6).toString('hex')}`)
  await symlink(join('releases', generation), link)
  await rename(link, join(folder, 'current'))
}

/** @returns the generation that `current` points to, or undefined when there is none */
export async function currentGeneration(folder: string): Promise<string | undefined> {
  const target = await readlink(join(folder, 'current')).catch(absent)
  return target === undefined ? undefined : basename(target)
}

/** @returns what `current` holds on the disk, or undefined when it is not a whole release */
export async function readCurrent(folder: string): Promise<ReleaseContent | undefined> {
  return readContent(join(folder, 'current'))
}

/** Removes all other releases, with the secrets in them. */
export async function removeOtherReleases(folder: string, kept: string): Promise<void> {
  const names = await readdir(join(folder, 'releases'))
  const others = names.filter((name) => name !== kept)
  await Promise.all(others.map((name) => rm(releasePath(folder, name), { recursive: true, force: true })))
}

function releasePath(folder: string, name: string): string {
  return join(folder, 'releases', name)
}

/** What has the right name but another content was changed by hand: it makes way. */
async function settle(draft: string, place: string, generation: string): Promise<void> {
  try {
    await rename(draft, place)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    if (!(await holds(place, generation))) {
      const old = `${draft}.old`
      await rename(place, old)
      await rename(draft, place)
      await rm(old, { recursive: true, force: true })
    }
    await rm(draft, { recursive: true, force: true })
  }
}

async function holds(place: string, generation: string): Promise<boolean> {
  const content = await readContent(place)
  return content !== undefined && generationOf(content) === generation
}

async function readContent(place: string): Promise<ReleaseContent | undefined> {
  const text = await readFile(join(place, 'config.json'), 'utf8').catch(absent)
  const names = await readdir(join(place, 'secrets')).catch(absent)
  const config = text === undefined ? undefined : parseJson(text)
  if (names === undefined || !isProperties(config)) return undefined
  const files = names.map(async (name): Promise<[string, string | undefined]> => {
    return [name, await readFile(join(place, 'secrets', name), 'utf8').catch(absent)]
  })
  const secrets = await Promise.all(files)
  if (!secrets.every((entry): entry is [string, string] => entry[1] !== undefined)) return undefined
  return { config, secrets: Object.fromEntries(secrets) }
}

function parseJson(text: string): PropertyValue | undefined {
  try {
    return JSON.parse(text) as PropertyValue
  } catch {
    return undefined
  }
}

function sorted(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isProperties(value)) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}

function absent(error: NodeJS.ErrnoException): undefined {
  // Something else than a release is written anew as well.
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return undefined
  throw error
}
