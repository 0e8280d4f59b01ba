import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

let payloads = 0

/**
 * Puts files into a folder as a node of Kubernetes does with a volume: a new folder for all of them, and one link that is
 * replaced in a single step. The folder before it goes at once, as it does there.
 * @param files path → content
 * @param former what the last call gave
 * @returns the new folder's name
 */
export async function mountFiles(
  place: string,
  files: Readonly<Record<string, string>>,
  former?: string,
): Promise<string> {
  payloads += 1
  const payload = `..2026_11_22_10_00_00.${payloads}`
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, payload, path)), { recursive: true })
    await writeFile(join(place, payload, path), content)
  }
  await symlink(payload, join(place, '..data_tmp'))
  await rename(join(place, '..data_tmp'), join(place, '..data'))
  if (former === undefined) {
    const names = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))
    for (const name of names) await symlink(join('..data', name), join(place, name))
  } else await rm(join(place, former), { recursive: true })
  return payload
}
