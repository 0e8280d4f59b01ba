import { readFile, readdir, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** One release of a program's configuration, read as a whole (see docs/architecture.md, "A program and its folder"). */
export interface Release {
  /** What the release is called; empty where the folder has no `generation` file. */
  generation: string
  /** `config.json` and the members that have files of their own, parsed but not checked. */
  config: unknown
  /** File name in `secrets/` → content without trailing line ends. */
  secrets: ReadonlyMap<string, string>
}

/** In a volume of Kubernetes, the link to what is in it now; all other names lead by it. */
const PAYLOAD = '..data'

/** The end of a member's file name. */
const JSON_FILE = '.json'

/** How often a volume may change while it is read, before that is an error. */
const MAX_ATTEMPTS = 5

/**
 * Reads the release that `folder/current` points to, or the one that is in the volume there.
 * @param folder the program's folder
 * @throws Error when a file is missing, is not JSON, or says what another one says, and when a volume never stands still; the
 *   message names the file, never its content
 */
export async function readRelease(folder: string): Promise<Release> {
  const current = join(folder, 'current')
  for (let attempt = 1; ; attempt += 1) {
    const payload = await payloadOf(folder)
    // Resolved once: the link may be moved to the next release while this one is read.
    if (payload === undefined) return readFiles(await realpath(current))
    const reading = await readFiles(join(current, payload)).then(
      (release) => ({ release }),
      (error: unknown) => ({ error }),
    )
    // A node deletes what it has replaced, file by file: then what was read is what was left.
    if ((await payloadOf(folder)) === payload) {
      if ('error' in reading) throw reading.error
      return reading.release
    }
    if (attempt === MAX_ATTEMPTS) throw new Error(`${current} changes faster than it can be read`)
  }
}

async function readFiles(place: string): Promise<Release> {
  const config = await readConfig(place)
  const names = (await readdir(join(place, 'secrets'))).filter((name) => !name.startsWith('.'))
  const secrets = new Map<string, string>()
  for (const name of names) {
    secrets.set(name, (await readFile(join(place, 'secrets', name), 'utf8')).replace(/[\r\n]+$/, ''))
  }
  const generation = await readFile(join(place, 'generation'), 'utf8').catch(unlessAbsent(''))
  return { generation: generation.trim(), config, secrets }
}

/**
 * Which payload a volume of Kubernetes has: the link is another one for each change, and is replaced in one step.
 * @param folder the program's folder
 * @returns nothing where `folder/current` is no such volume
 * @throws Error when it cannot be read
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
 */
export async function payloadOf(folder: string): Promise<string | undefined> {
  return readlink(join(folder, 'current', PAYLOAD)).catch(unlessAbsent(undefined))
}

/** A file for each member stands in `config/`, where there is such a folder. */
async function readConfig(release: string): Promise<unknown> {
  const config = await readJson(join(release, 'config.json'))
  const files = await readdir(join(release, 'config')).catch(unlessAbsent<string[]>([]))
  if (files.length === 0) return config
  if (typeof config !== 'object' || config === null) throw new Error(`${join(release, 'config.json')} is no object`)
  const members: Record<string, unknown> = {}
  for (const file of files.filter((name) => name.endsWith(JSON_FILE))) {
    const [place, member] = [join(release, 'config', file), file.slice(0, -JSON_FILE.length)]
    if (Object.hasOwn(config, member)) throw new Error(`${place}: config.json has ${member} as well`)
    members[member] = await readJson(place)
  }
  return { ...config, ...members }
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${file} is not JSON`)
  }
}

/** @param otherwise what there is instead of a file or folder that is absent */
function unlessAbsent<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise
    throw error
  }
}
