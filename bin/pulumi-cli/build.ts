import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execute, Failure, systemErrorCode } from '../command/index.ts'
import type { Rejection } from './candidates.ts'
import { isAtLeast, parseVersion } from './version.ts'

const goAnswerTimeoutMs = 120_000
const buildTimeoutMs = 30 * 60_000
const temporary = '.build-'

/** What `bin/toolchain/go.mod` pins. */
export interface Toolchain {
  /** The folder with go.mod, go.sum and the language host. */
  folder: string
  /** Version of the CLI: `3.259.0`. */
  cliVersion: string
  /** The oldest Go that builds it: `1.26`. */
  goVersion: string
  /** Over everything that is built from: what another checkout has built may differ in more than its version. */
  digest: string
}

/**
 * Reads the pinned versions out of the toolchain's go.mod.
 * @throws Error when it does not name them
 */
export function readToolchain(folder: string): Toolchain {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8')
  const cliVersion = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(text)?.[1]
  const goVersion = /^go (\S+)$/m.exec(text)?.[1]
  if (cliVersion === undefined || goVersion === undefined) throw new Error(`${folder}/go.mod pins no CLI`)
  return { folder, cliVersion, goVersion, digest: digestOf(folder) }
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted((a, b) => (a < b ? -1 : 1))
  for (const name of names.filter((each) => /\.(go|mod|sum)$/.test(each))) {
    hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

/**
 * Builds the CLI and its Node.js language host from the pinned Go modules. What is there is whole: it is built elsewhere
 * and moved in one rename. The caller sees to it that nobody else builds at the same time.
 * @param target folder to be made; its parent is the place for what is half done
 * @returns nothing when it has worked, otherwise why Go will not do
 * @throws Failure `pulumi_cli_build_failed` with Go's last lines
 */
export async function buildCli(
  toolchain: Toolchain,
  target: string,
  report: (line: string) => void,
): Promise<Rejection | undefined> {
  const unfit = await checkGo(toolchain)
  if (unfit !== undefined) return unfit
  report('Building the Pulumi CLI from its Go module (about 4 minutes, once)…')
  const parent = dirname(target)
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent)) {
    if (name.startsWith(temporary)) rmSync(join(parent, name), { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(parent, temporary))
  try {
    await build(toolchain, join(folder, 'pulumi'), 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi')
    await build(toolchain, join(folder, 'pulumi-language-nodejs'), './pulumi-language-nodejs')
    rmSync(target, { recursive: true, force: true })
    renameSync(folder, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return undefined
}

async function checkGo({ folder, goVersion }: Toolchain): Promise<Rejection | undefined> {
  const asked = await execute('go', ['env', 'GOVERSION'], { timeoutMs: goAnswerTimeoutMs, cwd: folder }).catch(
    (error: unknown) => {
      if (systemErrorCode(error) === 'ENOENT') return undefined
      throw error
    },
  )
  if (asked === undefined) return { reason: 'Go is not on PATH' }
  // In a folder whose go.mod asks for more, Go fetches the newer one by itself or fails.
  const found = parseVersion(asked.stdout)
  const wanted = parseVersion(goVersion)
  if (asked.code === 0 && found !== undefined && wanted !== undefined && isAtLeast(found, wanted)) return undefined
  return { reason: `Go is too old: ${asked.stdout.trim() || asked.stderr.trim()}, and ${goVersion} is needed` }
}

async function build({ folder, cliVersion }: Toolchain, output: string, what: string): Promise<void> {
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${cliVersion}`
  const { code, stderr } = await execute('go', ['build', '-buildvcs=false', '-ldflags', stamp, '-o', output, what], {
    timeoutMs: buildTimeoutMs,
    cwd: folder,
    // A workspace or a flag of the person's own would build something other than what is pinned.
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '' },
  })
  if (code === 0) return
  const tail = stderr.trimEnd().split('\n').slice(-15).join('\n')
  throw new Failure(
    'pulumi_cli_build_failed',
    `${tail}\n\nGo could not build ${what} (${code === undefined ? 'ended after 30 minutes' : `exit code ${code}`}).\n` +
      'It needs the Go module proxy (GOPROXY) and about 4 GB of disk; or install the CLI yourself: ' +
      'https://www.pulumi.com/docs/install/',
  )
}
