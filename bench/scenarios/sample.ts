import { Failure } from '../../bin/command/index.ts'
import type { Bed } from '../bed/index.ts'
import type { Load } from '../load/index.ts'
import { readUsage } from '../process/index.ts'
import { median, rounded, type Row } from '../report/index.ts'

/** How long a first warm-up may go on, however slow the server is, in milliseconds. */
const LONGEST_WARM_UP_MS = 60_000

/** One server under one load, once. */
export interface Sample {
  cpuMicrosPerRequest: number
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  rssMiB: number
}

/** A load that is put on one server. */
export interface Subject {
  name: string
  pid: number
  load: Load
  /** Done before each load that is put on it. */
  prepare?: () => Promise<void>
}

/**
 * Loads a server and reads what that cost it. Processor time is read around the whole load.
 * @throws Failure `bench_failed` where a request failed, or was answered by somebody else than the app
 */
export async function takeSample(
  bed: Bed,
  { name, pid, load }: Subject,
  seconds: number,
  concurrency: number,
): Promise<Sample> {
  const [before, answeredBefore] = [readUsage(pid), await bed.upstream.requests()]
  const figures = await load.run(seconds, concurrency)
  const [after, answeredAfter] = [readUsage(pid), await bed.upstream.requests()]
  if (figures.failed > 0 || figures.requests === 0) {
    throw new Failure(
      'bench_failed',
      `${name}: ${figures.failed} requests failed beside ${figures.requests} good ones.`,
    )
  }
  // A redirect to a sign-in page is no error to wrk, and would be fast.
  if (answeredAfter - answeredBefore < figures.requests) {
    const apps = answeredAfter - answeredBefore
    throw new Failure('bench_failed', `${name}: of ${figures.requests} answers only ${apps} came from the app.`)
  }
  return {
    cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / figures.requests,
    requestsPerSecond: figures.requestsPerSecond,
    p50Ms: figures.p50Ms,
    p99Ms: figures.p99Ms,
    rssMiB: after.rssMiB,
  }
}

/** How often and how long each of several servers is loaded. */
export interface Rounds {
  rounds: number
  /** Before each sample, in seconds. */
  warmUpSeconds: number
  /** Before all of them, in seconds: what is compiled while it runs is measured when it has been. */
  firstWarmUpSeconds: number
  /** Of a sample. */
  seconds: number
  concurrency: number
}

/** Loads servers in turn, in alternate order, so that what else the machine does meets them all alike. @returns a row for each */
export async function compare(bed: Bed, subjects: readonly Subject[], rounds: Rounds): Promise<Row[]> {
  const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]))
  for (const { load, prepare } of subjects) {
    await prepare?.()
    await warmUp(load, rounds)
  }
  for (let round = 0; round < rounds.rounds; round += 1) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      await subject.prepare?.()
      await subject.load.run(rounds.warmUpSeconds, rounds.concurrency)
      samples.get(subject)?.push(await takeSample(bed, subject, rounds.seconds, rounds.concurrency))
    }
  }
  return [...samples].map(([{ name }, taken]) => rowOf(name, rounds.concurrency, taken))
}

/** Lasts until every visitor was there, so that what is kept for each is there. */
async function warmUp(load: Load, rounds: Rounds): Promise<void> {
  const late = performance.now() + LONGEST_WARM_UP_MS
  let sent = 0
  do {
    sent += (await load.run(rounds.firstWarmUpSeconds, rounds.concurrency)).requests
  } while (sent < load.visitors && performance.now() < late)
}

/** Medians over the rounds. */
export function rowOf(name: string, concurrency: number, samples: readonly Sample[]): Row {
  const middle = (figure: keyof Sample): number => rounded(median(samples.map((sample) => sample[figure])))
  return {
    name,
    concurrency,
    cpuMicrosPerRequest: middle('cpuMicrosPerRequest'),
    requestsPerSecond: middle('requestsPerSecond'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    rssMiB: middle('rssMiB'),
  }
}
