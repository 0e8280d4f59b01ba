import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import { Failure } from '../../bin/command/index.ts'
import { PROXY_CORE } from './cores.ts'

/** How long a program may take to answer for the first time, and to end when it is asked to, in milliseconds. */
const READY_MS = 60_000
const END_MS = 12_000
const ASK_MS = 2_000

export interface ProgramSpec {
  /** For messages. */
  name: string
  /** The file, and its arguments; nothing secret. */
  command: readonly [string, ...string[]]
  /** The measured proxy's core, or those of everything else. */
  core: 'proxy' | 'others'
  /** Takes stdout and stderr. */
  outputFile: string
  /** Asked until it answers with any status below 500. */
  readyUrl: string
  /** How often, in milliseconds; default: 20. */
  askEveryMs?: number
  signal: AbortSignal
}

export interface RunningProgram {
  pid: number
  /** From its start to its first answer, in milliseconds. */
  readyAfterMs: number
  /** Ends it properly, and by force when that takes too long. */
  stop(): Promise<void>
}

/**
 * Starts a program and waits until it answers.
 * @throws Failure `bench_failed` with the end of its output, when it ends instead or takes too long; the signal's reason
 */
export async function startRunning(spec: ProgramSpec): Promise<RunningProgram> {
  spec.signal.throwIfAborted()
  const [file, ...args] = spec.core === 'proxy' ? ['taskset', '-c', PROXY_CORE, ...spec.command] : spec.command
  const output = openSync(spec.outputFile, 'a', 0o600)
  const began = performance.now()
  // A group of its own: a terminal's Ctrl-C is for the bench, which then ends them all in order.
  const child = spawn(file, args, { stdio: ['ignore', output, output], detached: true, env: environment() })
  closeSync(output)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`))
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), END_MS)
    await exit
    clearTimeout(force)
  }
  try {
    await answers(spec, ended)
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: child.pid ?? 0, readyAfterMs: performance.now() - began, stop }
}

/** What `local.Process` passes on, but no compile cache: a start is to be the first one. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, TZ } = process.env
  return { PATH, HOME, TMPDIR, LANG, TZ }
}

async function answers(spec: ProgramSpec, ended: Promise<string>): Promise<void> {
  const late = Date.now() + READY_MS
  while (Date.now() < late) {
    spec.signal.throwIfAborted()
    if (await isAnswering(spec.readyUrl)) return
    const end = await Promise.race([ended, delay(spec.askEveryMs ?? 20, undefined)])
    if (end !== undefined) throw failed(spec, `${spec.name} ended before it answered (${end})`)
  }
  throw failed(spec, `${spec.name} has not answered within ${READY_MS / 1_000} seconds`)
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ASK_MS) })
    await response.body?.cancel()
    return response.status < 500
  } catch {
    // Nobody listens there yet.
    return false
  }
}

function failed({ outputFile }: ProgramSpec, message: string): Failure {
  const output = readFileSync(outputFile, 'utf8').trim().slice(-2_000)
  return new Failure('bench_failed', output === '' ? `${message}.` : `${message}:\n${output}`)
}
