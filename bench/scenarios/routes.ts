import type { RuntimeConfig } from '../../runtime/config.ts'
import { type Bed, PATHS } from '../bed/index.ts'
import { signIn, startGateway, writeGatewayFolder } from '../contenders/index.ts'
import { prepareLoad, type Visitor } from '../load/index.ts'
import { NAMES, type Row } from '../report/index.ts'
import { BROWSER_HEADERS } from './proxying.ts'
import { type Rounds, rowOf, type Sample, sampleInTurn, type Subject } from './sample.ts'

/** How many routes get requests, whatever the number of routes. */
const VISITED = 10

/** Which code V8 makes of the same program differs from process to process, by more than what is looked for. */
const PAIRS = 3

/** Two gateways in turn, with ten routes and with ten thousand; ten of them get requests, from the first to the last. Then again. */
export async function compareRoutes(bed: Bed, rounds: Rounds): Promise<Row[]> {
  const samples = new Map<string, Sample[]>()
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const subjects = [await withRoutes(bed, NAMES.tenRoutes, 10), await withRoutes(bed, NAMES.manyRoutes, 10_000)]
    try {
      const taken = await sampleInTurn(bed, subjects, { ...rounds, rounds: Math.ceil(rounds.rounds / PAIRS) })
      for (const [{ name }, more] of taken) samples.set(name, [...(samples.get(name) ?? []), ...more])
    } finally {
      for (const subject of subjects) await subject.stop()
    }
  }
  return [...samples].map(([name, taken]) => rowOf(name, rounds.concurrency, taken))
}

async function withRoutes(bed: Bed, name: string, count: number): Promise<Subject & { stop: () => Promise<void> }> {
  const folder = await writeGatewayFolder(bed, (config) => setRoutes(config, count))
  const gateway = await startGateway(bed, folder)
  const hosts = Array.from({ length: VISITED }, (_, index) => Math.round((index * (count - 1)) / (VISITED - 1))).map(
    (index) => folder.host.replace('hello.', `app-${index}.`),
  )
  const person = await signIn(`http://${hosts[0]}${PATHS.json}`, 'provider')
  const visitors: Visitor[] = []
  for (const host of hosts) visitors.push({ host, cookie: await person.cookieFor(`http://${host}${PATHS.json}`) })
  const load = await prepareLoad({
    wrk: bed.tools.wrk,
    origin: folder.origin,
    request: { method: 'GET', path: PATHS.json, headers: BROWSER_HEADERS, bodyBytes: 0 },
    visitors,
    folder: bed.folder,
    signal: bed.signal,
  })
  return { name, pid: gateway.pid, load, stop: () => gateway.stop() }
}

/** Every route has a host of its own and all that `hello` has. */
function setRoutes(config: RuntimeConfig, count: number): void {
  const { hello } = config.routes
  if (!hello) throw new Error('the base configuration has no route hello')
  config.routes = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `app-${index}`,
      { ...hello, from: hello.from.replace('hello.', `app-${index}.`) },
    ]),
  )
}
