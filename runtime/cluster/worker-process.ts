import cluster from 'node:cluster'

import type { Answer, Question } from './messages.ts'

/** How much of a line is kept until its end comes, in characters. */
const MAX_LINE = 256 * 1024

/** How a process ended; both are null for one that could not be started. */
interface WorkerExit {
  code: number | null
  signal: string | null
}

/** A worker as the first process sees it. */
export interface WorkerProcess {
  readonly pid: number
  /** Resolves when the process is gone. */
  readonly exited: Promise<WorkerExit>
  /**
   * Asks and waits.
   * @param withinMs in milliseconds
   * @throws Error with the worker's own words, or when it has ended or is too late
   */
  ask(question: Question, withinMs: number): Promise<Answer>
  /** Ends it without a word. */
  kill(): void
}

/**
 * Starts this very program as a worker: the same file, the same arguments.
 * @param output gets whole lines, so that those of several workers do not run into each other
 */
export function startWorker(output: { write(lines: string): unknown }): WorkerProcess {
  cluster.setupPrimary({ serialization: 'advanced', stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const worker = cluster.fork()
  const waiting = new Map<number, (answer: Answer) => void>()
  let asked = 0
  worker.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer))
  // A worker that dies while it is written to: its exit tells all there is to tell.
  worker.on('error', () => undefined)
  const exited = new Promise<WorkerExit>((resolve) => {
    const gone = (code: number | null, signal: string | null): void => {
      const error = 'the worker ended before it answered'
      for (const [id, settle] of waiting) settle({ id, error })
      resolve({ code, signal })
    }
    worker.once('exit', gone)
    // One that could not even be started has no exit.
    worker.once('error', () => worker.process.pid === undefined && gone(null, null))
  })
  passLinesOn(worker.process.stdout, output)
  return {
    pid: worker.process.pid ?? 0,
    exited,
    async ask(question, withinMs) {
      asked += 1
      const id = asked
      const answer = await new Promise<Answer>((settle) => {
        const late = setTimeout(() => settle({ id, error: `the worker did not answer in ${withinMs} ms` }), withinMs)
        waiting.set(id, (value) => {
          clearTimeout(late)
          settle(value)
        })
        if (worker.isDead() || !worker.isConnected()) waiting.get(id)?.({ id, error: 'the worker has ended' })
        else worker.send({ ...question, id })
      })
      waiting.delete(id)
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer
    },
    kill: () => void worker.process.kill('SIGKILL'),
  }
}

function passLinesOn(stdout: NodeJS.ReadableStream | null, output: { write(lines: string): unknown }): void {
  if (!stdout) return
  let rest = ''
  stdout.setEncoding('utf8')
  stdout.on('data', (chunk: string) => {
    const text = rest + chunk
    const end = text.length > MAX_LINE && !text.includes('\n') ? text.length : text.lastIndexOf('\n') + 1
    if (end > 0) output.write(text.slice(0, end))
    rest = text.slice(end)
  })
  stdout.on('end', () => {
    if (rest !== '') output.write(`${rest}\n`)
  })
}
