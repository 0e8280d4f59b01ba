import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Packages of official plugins that have a stand-in in this folder. */
export const PACKAGES = ['auth0', 'azuread', 'keycloak', 'kubernetes', 'okta'] as const

/**
 * Which plugins the engine tests run with. `official`: those that Pulumi has installed, unchanged; `stand-in`: those of this
 * folder, which make the same calls. GATEWRIGHT_PLUGINS decides; without it, the official ones where all of them are there.
 * @throws Error for another value
 */
export function pluginChoice(env: NodeJS.ProcessEnv = process.env): 'official' | 'stand-in' {
  const wish = env['GATEWRIGHT_PLUGINS'] ?? ''
  if (wish === 'official' || wish === 'stand-in') return wish
  if (wish !== '') throw new Error(`GATEWRIGHT_PLUGINS is "${wish}": it is to be official or stand-in`)
  const folder = join(env['PULUMI_HOME'] ?? join(homedir(), '.pulumi'), 'plugins')
  return PACKAGES.every((name) => existsSync(join(folder, `resource-${name}-v${sdkVersion(name)}`)))
    ? 'official'
    : 'stand-in'
}

function sdkVersion(name: string): string {
  const file = fileURLToPath(new URL(`../../../node_modules/@pulumi/${name}/package.json`, import.meta.url))
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
