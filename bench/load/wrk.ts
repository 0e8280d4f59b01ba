import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { Failure } from '../../bin/command/index.ts'
import { type Figures, parseFigures } from './figures.ts'
import { type LoadRequest, loadScript, type Visitor, visitorLines } from './script.ts'

/** Beyond its duration, for connecting and reading its script, in milliseconds. */
const PATIENCE_MS = 30_000

/** A load that is ready to be put on a server again and again. */
export interface Load {
  /** How many send requests in turn. */
  visitors: number
  /**
   * Goes on with the visitor after the last one of the run before.
   * @param seconds whole ones; wrk knows no others
   * @throws Failure `bench_failed` where wrk fails; the signal's reason
   */
  run(seconds: number, concurrency: number): Promise<Figures>
}

export interface LoadSpec {
  wrk: string
  /** Where it goes, by address: `http://127.0.0.1:<port>`. */
  origin: string
  request: LoadRequest
  visitors: readonly Visitor[]
  /** Takes the script, and the cookies, which must not stand among a process's arguments. */
  folder: string
  signal: AbortSignal
}

/** Writes what wrk needs. One thread, since it has one core. */
export async function prepareLoad(spec: LoadSpec): Promise<Load> {
  const visitors = spec.visitors.length
  const folder = await mkdtemp(join(spec.folder, 'load-'))
  const script = join(folder, 'load.lua')
  const visitorsFile = join(folder, 'visitors')
  await writeFile(visitorsFile, visitorLines(spec.visitors), { mode: 0o600 })
  await writeFile(script, loadScript(spec.request, visitorsFile, visitors))
  let next = 0
  return {
    visitors,
    async run(seconds, concurrency) {
      spec.signal.throwIfAborted()
      const args = [
        '-t1',
        `-c${concurrency}`,
        `-d${seconds}s`,
        '--timeout',
        '10s',
        '-s',
        script,
        spec.origin,
        '--',
        String(next),
      ]
      try {
        const { stdout } = await promisify(execFile)(spec.wrk, args, {
          signal: spec.signal,
          timeout: seconds * 1_000 + PATIENCE_MS,
        })
        const figures = parseFigures(stdout)
        next = (next + figures.requests) % visitors
        return figures
      } catch (cause) {
        spec.signal.throwIfAborted()
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new Failure('bench_failed', `wrk could not load ${spec.origin}: ${reason}`, { cause })
      }
    },
  }
}
