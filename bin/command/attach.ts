import { spawn } from 'node:child_process'
import { withSignals } from './signals.ts'

/**
 * Runs a program in this process's place: with its terminal, its signals, its exit code.
 * @returns the exit code; 1 when the program was killed by a signal
 * @throws NodeJS.ErrnoException when it cannot be started
 */
export function attach(
  file: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<number> {
  const child = spawn(file, args, { ...options, env: options.env ?? process.env, stdio: 'inherit' })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
  return withSignals(
    (signal) => child.kill(signal),
    () => ended,
  )
}
