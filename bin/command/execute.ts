import { spawn } from 'node:child_process'
import { Failure } from './failure.ts'
import { systemErrorCode } from './system-error.ts'

const DEFAULT_KEPT = 64_000

export interface ExecuteOptions {
  /** After this the program is killed together with what it started. */
  timeoutMs: number
  cwd?: string
  /** The whole environment; default: this process's. */
  env?: NodeJS.ProcessEnv
  /** How many characters of the end of stdout and stderr are kept; default: 64,000. */
  keptCharacters?: number
  /** Called for each line that the program writes to stderr. */
  onErrorLine?: (line: string) => void
}

export interface Execution {
  /** `undefined` when it was killed by a signal or by the timeout. */
  code: number | undefined
  /** The end of each, see `keptCharacters`. */
  stdout: string
  stderr: string
}

/**
 * Runs a program without a terminal and waits for its end. Ending this process by a signal ends the program, too.
 * @throws NodeJS.ErrnoException when it cannot be started (`ENOENT`: there is no such program); Failure `interrupted`
 */
export function execute(file: string, args: readonly string[], options: ExecuteOptions): Promise<Execution> {
  const { promise, resolve, reject } = Promise.withResolvers<Execution>()
  const kept = options.keptCharacters ?? DEFAULT_KEPT
  // A group of its own: an installer's downloads and a compiler's workers go with it.
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  let interrupted: NodeJS.Signals | undefined
  const stop = (signal: NodeJS.Signals): void => {
    interrupted = signal
    killGroup(child.pid, 'SIGTERM')
  }
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), options.timeoutMs)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const settle = (): void => {
    clearTimeout(timer)
    for (const signal of signals) process.off(signal, stop)
  }
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout = (text.stdout + chunk).slice(-kept)
  })
  const tell = lineReader(options.onErrorLine)
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr = (text.stderr + chunk).slice(-kept)
    tell(chunk)
  })
  child.on('error', (error) => {
    settle()
    reject(error)
  })
  child.on('close', (code) => {
    settle()
    if (interrupted === undefined) resolve({ code: code ?? undefined, ...text })
    else reject(new Failure('interrupted', `Stopped by ${interrupted}.`))
  })
  return promise
}

function lineReader(tell: ((line: string) => void) | undefined): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(-DEFAULT_KEPT)
    for (const line of lines) tell?.(line)
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch (error) {
    // It has ended in the meantime.
    if (systemErrorCode(error) !== 'ESRCH') throw error
  }
}
