import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { version as sdkVersion } from '@pulumi/pulumi/version.js'
import { Failure } from '../command/index.ts'
import { withLock } from '../setup/lock.mjs'
import { buildCli, readToolchain } from './build.ts'
import { candidates, inspect, type PulumiCli } from './candidates.ts'
import { installOfficial } from './official.ts'
import { formatVersion, minimumVersion } from './version.ts'

// Longer than an installation and a build together.
const lockTimeoutMs = 45 * 60_000

export interface EnsureOptions {
  /** The folder with the pinned go.mod. */
  toolchainFolder: string
  /** PATH and the variables that say where caches are. */
  env: NodeJS.ProcessEnv
  /** Told what goes on, a line at a time. */
  report: (line: string) => void
}

/**
 * Gives a Pulumi CLI: the one on PATH if it is good, one that an earlier run has installed, one from the official
 * installer, one built from its Go module.
 * @throws Failure `pulumi_cli_missing` with the ways to get one; `pulumi_cli_build_failed`
 */
export async function ensurePulumiCli(options: EnsureOptions): Promise<PulumiCli> {
  const toolchain = readToolchain(options.toolchainFolder)
  const cache = join(cacheFolder(options.env), 'pulumi')
  const official = join(cache, sdkVersion)
  const built = join(cache, `${toolchain.cliVersion}-${toolchain.digest}`)
  const path = options.env['PATH'] ?? ''
  const find = (report: (line: string) => void) => firstGood(path, [join(official, 'bin'), built], report)

  const present = await find(options.report)
  if (present !== undefined) return present

  mkdirSync(cache, { recursive: true })
  const waiting = (): void => options.report('Another process installs the Pulumi CLI; waiting for it…')
  return withLock(join(cache, 'install.lock'), { timeoutMs: lockTimeoutMs, waiting }, async () => {
    // What was rejected has been said; who held the lock before may have installed one.
    const meanwhile = await find(silent)
    if (meanwhile !== undefined) return meanwhile
    const noDownload = await installOfficial(official, options.report)
    if (noDownload !== undefined) options.report(`The official Pulumi CLI was not installed: ${noDownload.reason}.`)
    const downloaded = await find(silent)
    if (downloaded !== undefined) return downloaded
    const noBuild = await buildCli(toolchain, built, options.report)
    const result = await find(options.report)
    if (result !== undefined) return result
    throw missing(noBuild?.reason ?? 'what was built does not run', toolchain.goVersion)
  })
}

function silent(): void {
  // Said before.
}

async function firstGood(
  path: string,
  installed: readonly string[],
  report: (line: string) => void,
): Promise<PulumiCli | undefined> {
  for (const candidate of candidates(path, installed)) {
    const found = await inspect(candidate, path)
    if ('version' in found) return found
    report(`Passed over: ${found.reason}.`)
  }
  return undefined
}

function missing(reason: string, goVersion: string): Failure {
  return new Failure(
    'pulumi_cli_missing',
    `The Pulumi CLI is missing and could not be built: ${reason}. Either\n` +
      `  - install it (${formatVersion(minimumVersion)} or newer): https://www.pulumi.com/docs/install/, or\n` +
      `  - install Go ${goVersion} or newer (https://go.dev/dl/), and it is built from its Go module,\n` +
      'and run the same command again.',
  )
}

/**
 * Where this person's caches of ours are.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG_CACHE_HOME is to be ignored)
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const chosen = env['XDG_CACHE_HOME'] ?? ''
  return join(isAbsolute(chosen) ? chosen : join(env['HOME'] ?? homedir(), '.cache'), 'gatewright')
}
