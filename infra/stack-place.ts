import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where a project keeps its stack files (`stackConfigDir`): ours, and Pulumi's own habit. */
const FOLDERS = ['stacks', '']

/**
 * The file that a stack's settings stand in, as administrators are told it.
 * @param folder of the project
 * @param stack its name
 * @returns relative to the project; where there is no such file, as in a program of somebody's own, the name that Pulumi has for it
 */
export function stackFileOf(folder: string, stack: string): string {
  const name = `Pulumi.${stack}.yaml`
  const found = FOLDERS.map((place) => join(place, name)).find((path) => existsSync(join(folder, path)))
  return found ?? name
}
