import { constants, accessSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const extension = process.platform === 'win32' ? '.exe' : ''

/**
 * Finds a program as a shell would.
 * @param name without extension, such as `pulumi`
 * @param path folders, separated as in PATH; relative ones are passed over, because what they hold depends on where one stands
 * @returns the absolute path of the program, `undefined` when no folder has it
 */
export function findProgram(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name + extension))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    // Absent, not ours to run, or behind a folder that we cannot enter: for a shell it is not there either.
    return false
  }
}
