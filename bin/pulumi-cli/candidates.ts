import { dirname, join } from 'node:path'
import { execute, Failure, findProgram, systemErrorCode } from '../command/index.ts'
import { formatVersion, isGoodVersion, minimumVersion, parseVersion } from './version.ts'

const versionTimeoutMs = 20_000

/** A CLI that can be used. */
export interface PulumiCli {
  /** Where it came from; only those not on PATH already have to be put there. */
  source: 'path' | 'installed'
  /** The folder that holds `pulumi`. */
  folder: string
  /** `3.259.0` */
  version: string
}

export interface Candidate {
  source: PulumiCli['source']
  folder: string
}

/** Why a candidate is passed over: one line, naming it. */
export interface Rejection {
  reason: string
}

/**
 * Where a CLI may be, best first: on PATH, then the folders that earlier runs filled.
 * @param path as in the environment variable
 * @param installed folders of earlier installations
 */
export function candidates(path: string, installed: readonly string[]): Candidate[] {
  const onPath = findProgram('pulumi', path)
  const earlier = installed.filter((folder) => findProgram('pulumi', folder) !== undefined)
  return [
    ...(onPath === undefined ? [] : [{ source: 'path' as const, folder: dirname(onPath) }]),
    ...earlier.map((folder) => ({ source: 'installed' as const, folder })),
  ]
}

/**
 * Asks a candidate for its version and looks for its Node.js language host, beside it or on PATH.
 * @param path as in the environment variable
 */
export async function inspect({ source, folder }: Candidate, path: string): Promise<PulumiCli | Rejection> {
  const program = join(folder, 'pulumi')
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: 'true' }
  const asked = await execute(program, ['version'], { timeoutMs: versionTimeoutMs, env }).catch(unstartable)
  const version = asked.code === 0 ? parseVersion(asked.stdout) : undefined
  if (version === undefined) return { reason: `${program} does not say its version` }
  if (!isGoodVersion(version)) {
    return {
      reason: `${program} is ${formatVersion(version)}; ${formatVersion(minimumVersion)} or newer of 3.x is needed`,
    }
  }
  if (
    findProgram('pulumi-language-nodejs', folder) === undefined &&
    findProgram('pulumi-language-nodejs', path) === undefined
  ) {
    return { reason: `${program} has no pulumi-language-nodejs beside it` }
  }
  return { source, folder, version: formatVersion(version) }
}

function unstartable(error: unknown): { code: undefined; stdout: string } {
  // A script without its interpreter, a program of another platform.
  if (error instanceof Failure || systemErrorCode(error) === undefined) throw error
  return { code: undefined, stdout: '' }
}
