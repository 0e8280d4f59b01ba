import { copyFileSync, existsSync, readFileSync } from 'node:fs'

/**
 * Puts the backend's own backup in the place of a state file that an engine has left half written. What the engine did
 * since then is found out by the next update.
 * @returns whether it was done; a whole file is never touched
 */
export function restoreCheckpoint(file: string): boolean {
  const backup = `${file}.bak`
  if (!existsSync(file) || isWhole(file) || !existsSync(backup) || !isWhole(backup)) return false
  copyFileSync(backup, file)
  return true
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'))
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
