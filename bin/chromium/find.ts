import { existsSync } from 'node:fs'
import { Failure, findProgram } from '../command/index.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Finds the browser for the tests: CHROMIUM_PATH, or one on PATH.
 * @param env PATH and CHROMIUM_PATH
 * @returns the program's path
 * @throws Failure `chromium_missing` with the way to get one
 */
export function findChromium(env: NodeJS.ProcessEnv): string {
  const chosen = env['CHROMIUM_PATH'] ?? ''
  if (chosen !== '') {
    if (existsSync(chosen)) return chosen
    throw new Failure('chromium_missing', `CHROMIUM_PATH names ${chosen}, and there is no such file.`)
  }
  const found = names.map((name) => findProgram(name, env['PATH'] ?? '')).find((file) => file !== undefined)
  if (found !== undefined) return found
  throw new Failure(
    'chromium_missing',
    `The tests need Chromium, and none of ${names.join(', ')} is on PATH. Install it (Debian, Ubuntu: ` +
      '`sudo apt-get install chromium`; macOS: `brew install --cask chromium`),\nor set CHROMIUM_PATH to a Chromium or Chrome ' +
      'that you have, and run the same command again.',
  )
}
