import { readFile, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** One release of a program's configuration, read as a whole (see docs/architecture.md, "A program and its folder"). */
export interface Release {
  /** What the release is called; empty where the folder has no `generation` file (a Kubernetes mount). */
  generation: string
  /** `config.json`, parsed but not checked. */
  config: unknown
  /** File name in `secrets/` → content without trailing line ends. */
  secrets: ReadonlyMap<string, string>
}

/**
 * Reads the release that `folder/current` points to.
 * @param folder the program's folder
 * @throws Error when a file is missing or config.json is not JSON; the message names the file, never its content
 */
export async function readRelease(folder: string): Promise<Release> {
  // Resolved once: the link may be moved to the next release while this one is read.
  const current = await realpath(join(folder, 'current'))
  const config = parseJson(await readFile(join(current, 'config.json'), 'utf8'), join(current, 'config.json'))
  const names = (await readdir(join(current, 'secrets'))).filter((name) => !name.startsWith('.'))
  const secrets = new Map<string, string>()
  for (const name of names) {
    secrets.set(name, (await readFile(join(current, 'secrets', name), 'utf8')).replace(/[\r\n]+$/, ''))
  }
  const generation = await readFile(join(current, 'generation'), 'utf8').catch(absent)
  return { generation: generation.trim(), config, secrets }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${file} is not JSON`)
  }
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
