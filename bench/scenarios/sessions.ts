import { type Bed, PATHS, seedSessions } from '../bed/index.ts'
import { startGateway, writeGatewayFolder } from '../contenders/index.ts'
import { prepareLoad } from '../load/index.ts'
import { NAMES, type Row } from '../report/index.ts'
import { BROWSER_HEADERS } from './proxying.ts'
import { compare, rowOf, type Rounds, type Subject, takeSample } from './sample.ts'

const MANY = 100_000

/** Of requests that one session sends in turn: no two that follow each other are the same, as with many sessions. */
const DIFFERENT = 1_000

/** Of requests that are each the first one of their session, before and in the sample: together fewer than there are sessions. */
const FIRST_SECONDS = 5

/** Two gateways in turn: all requests of one session, and in turn of a hundred thousand, who all come for the first time before. */
export async function compareSessions(bed: Bed, rounds: Rounds): Promise<Row[]> {
  const many = await withSessions(bed, NAMES.manySessions, MANY)
  const subjects = [await withSessions(bed, NAMES.oneSession, 1), many]
  try {
    await many.load.run(FIRST_SECONDS, rounds.concurrency)
    const first = await takeSample(bed, many, FIRST_SECONDS, rounds.concurrency)
    return [...(await compare(bed, subjects, rounds)), rowOf(NAMES.firstRequests, rounds.concurrency, [first])]
  } finally {
    for (const subject of subjects) await subject.stop()
  }
}

async function withSessions(bed: Bed, name: string, count: number): Promise<Subject & { stop: () => Promise<void> }> {
  const folder = await writeGatewayFolder(bed)
  const cookies = await seedSessions(folder, count)
  const gateway = await startGateway(bed, folder)
  const load = await prepareLoad({
    wrk: bed.tools.wrk,
    origin: folder.origin,
    request: { method: 'GET', path: PATHS.json, headers: BROWSER_HEADERS, bodyBytes: 0 },
    visitors: visitorsOf(cookies).map((cookie) => ({ host: folder.host, cookie })),
    folder: bed.folder,
    signal: bed.signal,
  })
  return { name, pid: gateway.pid, load, stop: () => gateway.stop() }
}

/** What grows is to be the number of sessions, and nothing else. */
function visitorsOf(cookies: readonly string[]): readonly string[] {
  if (cookies.length > 1) return cookies
  return Array.from({ length: DIFFERENT }, (_, index) => `${cookies[0]}; n=${index}`)
}
