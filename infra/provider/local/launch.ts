import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { ProviderError } from '../errors.ts'
import { findRunning, type RunningProcess } from './pid-file.ts'
import type { ProcessSpec } from './schema.ts'

/** All that a program gets of our environment: a passphrase or an API token in the operator's shell is not its business. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE']

/** What the script ends with when another starter was first (sysexits' EX_TEMPFAIL). */
const LOST = 75

/**
 * The shell makes the pid file by exclusive creation (`set -C`) and then *becomes* the program. So wherever we are
 * killed, a program never runs without a pid file, and of two starters only one gets to run it.
 */
const script = `
umask 077
folder=$1 launch=$2
shift 2
set -C
{ echo "$$" > "$folder/pid"; } 2>/dev/null || exit ${LOST}
set +C
echo "$launch" > "$folder/launch"
exec "$@"
`

/**
 * What a running program was started with, apart from its release: only a restart changes it.
 * @returns a digest, as it stands in the folder's `launch` file
 */
export function launchOf({ command, restartOn, listen, readyUrl }: ProcessSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([command, restartOn, listen, readyUrl]))
    .digest('hex')
}

/** @returns what the running program was started with; undefined when nothing was ever started */
export async function readLaunch(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, 'launch'), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Starts the program in a session of its own, so that it outlives us, the deployment and the terminal.
 * @returns its process, or that of another starter who was first
 * @throws ProviderError `not_ready` when the shell could not be started
 */
export function launch(spec: ProcessSpec): Promise<RunningProcess> {
  const { folder, command } = spec
  return startDetached(folder, launchOf(spec), [...command, '--folder', folder])
}

/**
 * Starts a program as it was started before, by somebody who knows nothing of it but that.
 * @param args its command line, when it ran
 * @throws ProviderError `not_ready` when it was never started, or the shell could not be
 */
export async function startAgain(folder: string, args: readonly string[]): Promise<RunningProcess> {
  const before = await readLaunch(folder)
  if (before === undefined) throw new ProviderError('not_ready', `Nothing was ever started in ${folder}`)
  return startDetached(folder, before, args)
}

async function startDetached(
  folder: string,
  launchDigest: string,
  commandLine: readonly string[],
): Promise<RunningProcess> {
  const log = await open(join(folder, 'output.log'), 'a', 0o600)
  try {
    const child = spawn('/bin/sh', ['-c', script, 'gatewright', folder, launchDigest, ...commandLine], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: Object.fromEntries(passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    })
    const startedAt = Date.now()
    const ended = once(child, 'exit').then(([code]: unknown[]) => ({ code }))
    await once(child, 'spawn')
    child.unref()
    return await settled(folder, { pid: child.pid ?? 0, startedAt, args: commandLine }, ended)
  } catch (cause) {
    if (cause instanceof ProviderError) throw cause
    throw new ProviderError('not_ready', `Could not start ${commandLine[0]} in ${folder}: ${String(cause)}`, { cause })
  } finally {
    await log.close()
  }
}

/** Waits until it is decided who made the pid file. */
async function settled(
  folder: string,
  child: RunningProcess,
  ended: Promise<{ code: unknown }>,
): Promise<RunningProcess> {
  for (;;) {
    const holder = await findRunning(folder)
    if (holder !== undefined) return holder
    const end = await Promise.race([ended, delay(20, undefined)])
    if (end === undefined) continue
    // Who lost finds the winner; a program that has ended at once is told by its log.
    return (await findRunning(folder)) ?? child
  }
}
