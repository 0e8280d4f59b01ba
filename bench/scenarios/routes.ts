import { cp, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { Failure } from '../../bin/command/index.ts'
import type { RuntimeConfig } from '../../runtime/config.ts'
import { type Bed, PATHS } from '../bed/index.ts'
import { type GatewayFolder, signIn, startGateway, writeGatewayFolder } from '../contenders/index.ts'
import { prepareLoad, type Visitor } from '../load/index.ts'
import { NAMES, type Row } from '../report/index.ts'
import { BROWSER_HEADERS } from './proxying.ts'
import { compare, type Rounds, type Subject } from './sample.ts'

/** These get requests, whatever the number of routes: from the first to the last of ten thousand. */
const VISITED = Array.from({ length: 10 }, (_, index) => index * 1_111)

const MANY = 10_000

/** A reload is over by then, in milliseconds. */
const RELOAD_MS = 20_000

/**
 * One gateway that goes from ten routes to ten thousand and back by reloads; ten of them get requests. One process, since which code V8
 * makes of the same program differs from process to process by more than what is looked for.
 */
export async function compareRoutes(bed: Bed, rounds: Rounds): Promise<Row[]> {
  const folder = await writeGatewayFolder(bed, (config) => setRoutes(config, VISITED))
  await addRelease(folder, 'many')
  const gateway = await startGateway(bed, folder)
  try {
    const load = await loadOn(bed, folder)
    const subject = (name: string, generation: string): Subject => {
      return { name, pid: gateway.pid, load, prepare: () => putInForce(folder, gateway.pid, generation) }
    }
    return await compare(bed, [subject(NAMES.tenRoutes, 'g1'), subject(NAMES.manyRoutes, 'many')], rounds)
  } finally {
    await gateway.stop()
  }
}

async function loadOn(bed: Bed, folder: GatewayFolder) {
  const hosts = VISITED.map((index) => folder.host.replace('hello.', `app-${index}.`))
  const person = await signIn(`http://${hosts[0]}${PATHS.json}`, 'provider')
  const visitors: Visitor[] = []
  for (const host of hosts) visitors.push({ host, cookie: await person.cookieFor(`http://${host}${PATHS.json}`) })
  return prepareLoad({
    wrk: bed.tools.wrk,
    origin: folder.origin,
    request: { method: 'GET', path: PATHS.json, headers: BROWSER_HEADERS, bodyBytes: 0 },
    visitors,
    folder: bed.folder,
    signal: bed.signal,
  })
}

/** Writes a second release with the same keys, so that sessions go on. */
async function addRelease({ path, config }: GatewayFolder, generation: string): Promise<void> {
  const [first, second] = ['g1', generation].map((name) => join(path, 'releases', name)) as [string, string]
  await cp(first, second, { recursive: true })
  const host = config.routes['app-0']?.from.replace('app-0.', 'hello.') ?? ''
  const many = structuredClone(config)
  many.routes = { hello: { ...(many.routes['app-0'] as RuntimeConfig['routes'][string]), from: host } }
  setRoutes(
    many,
    Array.from({ length: MANY }, (_, index) => index),
  )
  await writeFile(join(second, 'config.json'), JSON.stringify(many))
  await writeFile(join(second, 'generation'), `${generation}\n`)
}

/** As `local.Process` does it, and waits until the gateway says so. @throws Failure `bench_failed` */
async function putInForce({ path, readyUrl }: GatewayFolder, pid: number, generation: string): Promise<void> {
  await symlink(join(path, 'releases', generation), join(path, 'next'))
  await rename(join(path, 'next'), join(path, 'current'))
  process.kill(pid, 'SIGHUP')
  const late = performance.now() + RELOAD_MS
  while (performance.now() < late) {
    const readiness = (await (await fetch(readyUrl)).json()) as { generation: string }
    if (readiness.generation === generation) return
    await delay(20)
  }
  const said = await readFile(join(path, 'current', 'generation'), 'utf8')
  throw new Failure('bench_failed', `The gateway has not put the release ${said.trim()} in force.`)
}

/** Every route has a host of its own and all that `hello` has. */
function setRoutes(config: RuntimeConfig, indexes: readonly number[]): void {
  const { hello } = config.routes
  if (!hello) throw new Error('the base configuration has no route hello')
  config.routes = Object.fromEntries(
    indexes.map((index) => [`app-${index}`, { ...hello, from: hello.from.replace('hello.', `app-${index}.`) }]),
  )
}
