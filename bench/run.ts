import { type Bed, makeBed } from './bed/index.ts'
import { type Contender, startContenders } from './contenders/index.ts'
import { findTool, leaveProxyCore, versionOf } from './process/index.ts'
import { describeMachine, judge, renderTable, renderVerdicts, type Row, writeReport } from './report/index.ts'
import {
  compareAtOneRate,
  compareDownloads,
  compareRoutes,
  compareSessions,
  compareSmallAnswers,
  compareUploads,
  measureColdStart,
  measureStreams,
  measureWebSockets,
  type Rounds,
} from './scenarios/index.ts'

/** Where what goes on is told, and where the results go. */
export interface BenchOutput {
  progress: (line: string) => void
  print: (text: string) => void
  /** The project's folder, for `bench/results.json` and `docs/performance.md`. */
  root: string
}

/** Many short samples in turn: what else the machine does lasts longer than one of them, and so meets all contenders. */
const SMALL: Rounds = { rounds: 9, firstWarmUpSeconds: 10, warmUpSeconds: 1, seconds: 2, concurrency: 64 }
/** In under a minute. */
const QUICK: Rounds = { ...SMALL, rounds: 3, firstWarmUpSeconds: 5, seconds: 1 }
/** Longer, since fewer requests are sent. */
const PACED: Rounds = { ...SMALL, rounds: 5, firstWarmUpSeconds: 3, seconds: 5 }
/** What a release before has left is collected before the sample. */
const RELOADED: Rounds = { ...SMALL, warmUpSeconds: 3 }
const BODIES: Rounds = { ...SMALL, rounds: 3, firstWarmUpSeconds: 3, seconds: 3, concurrency: 16 }

/**
 * Measures, prints the table and the verdict, and after a whole run writes both down.
 * @param extent `quick` is the comparison with 64 connections alone, which writes nothing
 * @param signal ends it early; all that was started ends with it
 * @throws Failure `bench_tool_missing`, `bench_failed`; the signal's reason
 */
export async function runBench(extent: 'quick' | 'full', output: BenchOutput, signal: AbortSignal): Promise<void> {
  leaveProxyCore()
  const bed = await makeBed(signal)
  try {
    const { present, absent } = await startContenders(bed)
    for (const { name, reason } of absent) output.progress(`${name} is left out: ${reason}`)
    const rows = extent === 'quick' ? await measureQuick(bed, present, output) : await measureAll(bed, present, output)
    const verdicts = judge(rows).filter(({ outcome }) => extent === 'full' || outcome !== 'not measured')
    const machine = describeMachine(versions(bed, present))
    output.print(`\n${machine}\n\n${renderTable(rows)}\n${renderVerdicts(verdicts)}`)
    if (extent === 'full') {
      const date = new Date().toISOString().slice(0, 10)
      await writeReport(output.root, { date, machine, rows }, verdicts)
    }
  } finally {
    await bed.close()
  }
}

function measureQuick(bed: Bed, contenders: readonly Contender[], { progress }: BenchOutput): Promise<Row[]> {
  progress('1 KB answers, 64 connections')
  return compareSmallAnswers(bed, contenders, QUICK)
}

async function measureAll(bed: Bed, contenders: readonly Contender[], { progress }: BenchOutput): Promise<Row[]> {
  const rows: Row[] = []
  const measure = async (what: string, rowsOf: () => Promise<Row[]>): Promise<void> => {
    progress(what)
    rows.push(...(await rowsOf()))
  }
  const gatewright = contenders.find(({ name }) => name === 'gatewright')
  if (!gatewright) throw new Error('the gateway is not among the contenders')
  await measure('1 KB answers, one connection', () =>
    compareSmallAnswers(bed, contenders, { ...SMALL, concurrency: 1, rounds: 5 }),
  )
  await measure('1 KB answers, 64 connections', () => compareSmallAnswers(bed, contenders, SMALL))
  await measure('1 KB answers at one rate', () => compareAtOneRate(bed, contenders, PACED))
  await measure('1 MB downloads', () => compareDownloads(bed, contenders, BODIES))
  await measure('100 KB uploads', () => compareUploads(bed, contenders, BODIES))
  await measure('2 GB down and up', () => measureStreams(bed, gatewright))
  await measure('1,000 idle WebSockets', () => measureWebSockets(bed))
  await measure('cold start', async () => [await measureColdStart(bed)])
  await measure('10 and 10,000 routes', () => compareRoutes(bed, RELOADED))
  await measure('1 and 100,000 sessions', () => compareSessions(bed, SMALL))
  return rows
}

function versions({ tools }: Bed, contenders: readonly Contender[]): Record<string, string> {
  const apache = contenders.some(({ name }) => name === 'mod_auth_openidc') ? findTool('apache2') : undefined
  return {
    nginx: versionOf(tools.nginx, '-v'),
    HAProxy: versionOf(tools.haproxy, '-v'),
    ...(apache === undefined ? {} : { Apache: versionOf(apache, '-v') }),
  }
}
