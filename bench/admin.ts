// node bench/admin.ts [sqlite|postgres]: how long every page of administration takes with 10,000 accounts, 2,000 sessions and
// 100,000 entries in the audit log, from a browser's request to the last byte, by a real gateway on this machine.
import { performance } from 'node:perf_hooks'

import { Client } from 'pg'

import { openPostgresStore, openSqliteStore, type Store } from '../runtime/store/index.ts'
import type { Browser } from '../test/support/browser.ts'
import { startTestGateway, type TestGateway } from '../test/support/gateway.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { signIn } from '../test/support/visitor.ts'
import { accountAt, eventAt, identityAt, sessionAt } from './admin-data.ts'

const [ACCOUNTS, SESSIONS, EVENTS] = [10_000, 2_000, 100_000]
/** How often each page is opened, after the first few. */
const RUNS = 40
const WARM_UPS = 3
const TARGET_MS = 100

const chosen = process.argv[2]
for (const kind of ['sqlite', 'postgres'] as const) {
  if (chosen !== undefined && chosen !== kind) continue
  await measure(kind)
}

async function measure(kind: 'sqlite' | 'postgres'): Promise<void> {
  const postgres = kind === 'postgres' ? await startPostgres() : undefined
  const url = await postgres?.createDatabase()
  const gateway = await startTestGateway({
    config: (config) => Object.assign(config, { admins: 'true', store: kind }),
    provider: { claims: (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1_000) }) },
    ...(url === undefined ? {} : { secrets: { 'database-url': url } }),
  })
  try {
    await seed(gateway, url)
    const { browser } = await signIn(gateway)
    console.log(`\n${kind}: ${ACCOUNTS} accounts, ${SESSIONS} sessions, ${EVENTS} entries, ${RUNS} times each`)
    console.log(`${'page'.padEnd(44)}${'median'.padStart(10)}${'95 of 100'.padStart(10)}`)
    for (const [name, path] of await pages(gateway, browser)) report(name, await timePage(gateway, browser, path))
    const began = performance.now()
    const { text } = await open(gateway, browser, '/audit/export')
    console.log(`export of ${text.split('\n').length - 1} entries: ${Math.round(performance.now() - began)} ms in all`)
  } finally {
    await gateway.close()
    await postgres?.remove()
  }
}

async function seed({ dataFolder }: TestGateway, url: string | undefined): Promise<void> {
  const store: Store = url
    ? await openPostgresStore(url, { onError: (error) => console.error(error) })
    : openSqliteStore(`${dataFolder}/gateway.sqlite`)
  try {
    await inBatches(ACCOUNTS, 50, (number) => store.insertAccount(accountAt(number), identityAt(number), []))
    await inBatches(SESSIONS, 50, (number) => store.insertSession(sessionAt(number)))
    for (let first = 0; first < EVENTS; first += 1_000) {
      await store.recordAudit(Array.from({ length: 1_000 }, (_, index) => eventAt(first + index, ACCOUNTS)))
    }
  } finally {
    await store.close()
  }
  if (url !== undefined) await analyse(url)
}

/** A database that runs for longer than a minute does so by itself; without, its plans are guesses. */
async function analyse(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query('ANALYZE')
  } finally {
    await client.end()
  }
}

async function inBatches(count: number, size: number, work: (number: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < count; first += size) {
    await Promise.all(Array.from({ length: size }, (_, index) => work(first + index)))
  }
}

async function pages(gateway: TestGateway, browser: Browser): Promise<[name: string, path: string][]> {
  const somebody = `/users/${accountAt(4_321).id}`
  const account = accountAt(4_321).id
  return [
    ['overview', ''],
    ['identity providers', '/identity-providers'],
    ['one identity provider', '/identity-providers/acme'],
    ['users', '/users'],
    ['users, the hundredth page', await deep(gateway, browser, '/users', 100)],
    ['users, suspended', '/users?status=suspended'],
    ['users, search that finds many', '/users?q=person-1'],
    ['users, search that finds one', '/users?q=person-4321@'],
    ['users, search that finds nobody', '/users?q=nobody-at-all'],
    ['one user', somebody],
    ['delete a user?', `${somebody}/delete`],
    ['invite', '/invite'],
    ['sessions', '/sessions'],
    ['sessions, the twentieth page', await deep(gateway, browser, '/sessions', 20)],
    ['audit log', '/audit'],
    ['audit log, the hundredth page', await deep(gateway, browser, '/audit', 100)],
    ['audit log, a frequent event', '/audit?action=sign_in.succeeded'],
    ['audit log, a rare event', '/audit?action=break_glass.used'],
    ['audit log, of one account', `/audit?account=${account}`],
    ['audit log, by one actor', `/audit?actor=${account}`],
    ['audit log, by an address', `/audit?account=${encodeURIComponent(accountAt(4_321).email)}`],
    ['audit log, a day', '/audit?from=2026-03-01&to=2026-03-01'],
    ['audit log, an event of a day', '/audit?action=break_glass.used&from=2026-03-01&to=2026-03-01'],
  ]
}

/** @returns the path of a page that so many clicks on "Older" lead to */
async function deep(gateway: TestGateway, browser: Browser, first: string, clicks: number): Promise<string> {
  let path = first
  for (let click = 1; click < clicks; click += 1) {
    const href = /href="\/admin([^"]*)">Older</.exec((await open(gateway, browser, path)).text)?.[1]
    if (href === undefined) return path
    path = href.replaceAll('&amp;', '&')
  }
  return path
}

async function timePage(gateway: TestGateway, browser: Browser, path: string): Promise<number[]> {
  const times: number[] = []
  for (let run = -WARM_UPS; run < RUNS; run += 1) {
    const began = performance.now()
    await open(gateway, browser, path)
    if (run >= 0) times.push(performance.now() - began)
  }
  return times
}

async function open({ login }: TestGateway, browser: Browser, path: string) {
  const page = await browser.open(`${login}/admin${path}`, { redirects: 0 })
  if (page.status !== 200) throw new Error(`/admin${path} was answered by ${page.status}`)
  return page
}

function report(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
  const verdict = at(0.95) <= TARGET_MS ? '' : '  above the target'
  console.log(`${name.padEnd(44)}${ms(at(0.5))}${ms(at(0.95))}${verdict}`)
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`.padStart(10)
}
