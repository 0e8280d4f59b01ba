import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const KEPT_LINES = 200

/** A program of the control plane that runs until the machine ends. */
export interface Program {
  name: string
  /** The last lines that it wrote. */
  tail: () => string
  /** Rejects when it ends, which it never should. */
  ended: Promise<never>
  child: ChildProcess
}

/** Starts a program and keeps the end of what it says. */
export function startProgram(name: string, file: string, args: readonly string[]): Program {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift()
    })
  }
  const tail = (): string => lines.join('\n')
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => reject(new Error(`${name} ended (${signal ?? code}):\n${tail()}`)))
  })
  // Whoever waits for it hears of it; nobody needs to.
  ended.catch(() => undefined)
  return { name, tail, ended, child }
}
