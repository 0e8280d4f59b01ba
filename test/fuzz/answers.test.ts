import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { startStage, type Stage } from '../support/stage.ts'
import {
  answerPlainly,
  type Arrival,
  type Connection,
  type Message,
  openConnection,
  readAnswers,
  request,
  statusOf,
} from '../support/wire/index.ts'
import { CORPUS, hostileAnswer, type HostileAnswer, PUSHED } from './answers/hostile-answers.ts'
import { runs } from './runs.ts'

/** At one time. */
const TOGETHER = 8
/** An upstream that says nothing more is given up then, in milliseconds. */
const SILENCE_MS = 200

let stage: Stage
let tags = 0
let logged = 0
const cases = new Map<string, HostileAnswer>()

beforeAll(async () => {
  stage = await startStage({
    handle: answer,
    config({ routes }) {
      for (const { action } of Object.values(routes)) {
        if (action.kind !== 'forward') continue
        action.timeouts = { connectMs: 2_000, firstByteMs: SILENCE_MS, idleMs: SILENCE_MS }
        action.retries = 0
      }
    },
  })
})
afterAll(() => stage.close())

/** The upstream: honest to whoever is to get their own, and hostile by the case in the target. */
function answer(arrival: Arrival): void {
  const { target, socket } = arrival
  const hostile = cases.get(target)
  if (!hostile) return void answerPlainly(arrival)
  arrival.answer(hostile.bytes)
  if (hostile.afterwards === 'close') socket.end()
  if (hostile.afterwards === 'reset') setImmediate(() => socket.resetAndDestroy())
  return undefined
}

const isFinal = ({ start }: Message): boolean => statusOf(start) >= 200

/** Reads the answer to one more request on a connection; undefined when it ends before. */
async function answerTo(connection: Connection, method: string, target: string): Promise<Message | undefined> {
  const before = connection.received().length
  connection.send(request(method, target, `Host: ${stage.host('docs')}`))
  const read = (closed: boolean): Message | undefined =>
    readAnswers(connection.received().slice(before), [method], closed).messages.find(isFinal)
  await connection
    .until(() => read(connection.socket.closed)?.complete ?? connection.socket.closed)
    .catch(() => undefined)
  return read(connection.socket.closed)
}

/** Whoever asks next gets their own answer; @returns what else they got */
async function faultsOfNext(connection: Connection): Promise<string[]> {
  tags += 1
  const target = `/own?tag=${tags}`
  const reused =
    connection.socket.closed || connection.socket.readableEnded ? undefined : await answerTo(connection, 'GET', target)
  const fresh = openConnection(stage.port)
  const own = reused?.complete ? undefined : await answerTo(fresh, 'GET', target)
  fresh.close()
  // A connection that is closed between two answers tells nobody anything wrong.
  const got = reused?.complete ? reused : own
  return got?.complete && got.body === `GET ${target}`
    ? []
    : [`${target} was answered with ${JSON.stringify(got ?? reused)}`]
}

async function faultsOf(hostile: HostileAnswer): Promise<string[]> {
  tags += 1
  const target = `/hostile?case=${tags}`
  cases.set(target, hostile)
  const [one, other] = [openConnection(stage.port), openConnection(stage.port)]
  try {
    const got = await answerTo(one, hostile.method, target)
    const faults = faultsOfAnswer(hostile, got, one)
    if (hostile.afterwards === 'push') faults.push(...(await faultsOfPush(target)))
    const next = await Promise.all([faultsOfNext(one), faultsOfNext(other)])
    return [...faults, ...next.flat()].map(
      (fault) => `${JSON.stringify(hostile).slice(0, 400)}: ${fault.slice(0, 600)}`,
    )
  } finally {
    one.close()
    other.close()
    cases.delete(target)
  }
}

/**
 * An answer that nobody asked for, on a connection that nobody uses just now. Whoever asks before it has been seen would take it
 * for theirs, which no proxy can know: so nothing else may be on its way.
 */
async function faultsOfPush(target: string): Promise<string[]> {
  const arrival = stage.upstream.arrivals.find((each) => each.target === target)
  if (!arrival) return [`${target} did not arrive`]
  if (arrival.socket.writable) arrival.answer(PUSHED)
  const late = Promise.withResolvers<string[]>()
  const patience = setTimeout(
    () => late.resolve(['a connection with an answer that nobody asked for is kept']),
    4 * SILENCE_MS,
  )
  const faults = await Promise.race([arrival.gone.then(() => []), late.promise])
  clearTimeout(patience)
  return faults
}

/** All at once, except what must be alone. */
async function faultsOfAll(answers: readonly HostileAnswer[]): Promise<string[]> {
  const together = answers.filter(({ afterwards }) => afterwards !== 'push')
  const faults = (await Promise.all(together.map(faultsOf))).flat()
  for (const pushing of answers.filter(({ afterwards }) => afterwards === 'push'))
    faults.push(...(await faultsOf(pushing)))
  stage.upstream.arrivals.length = 0
  return [...faults, ...faultsOfLog()]
}

/** A client may get the answer, the beginning of it, or be told that there is none. */
function faultsOfAnswer(hostile: HostileAnswer, got: Message | undefined, connection: Connection): string[] {
  const isCut = connection.socket.closed
  if (!got) return isCut ? [] : ['no answer, and the connection is still open']
  if (/"error":"upstream_(?:protocol|closed|timeout)"/.test(got.body))
    return statusOf(got.start) >= 502 ? [] : [got.start]
  const isEmpty = hostile.method === 'HEAD' && [502, 504].includes(statusOf(got.start)) && !got.raw.includes('X-A')
  if (isEmpty) return []
  const { messages } = readAnswers(hostile.bytes, [hostile.method], hostile.afterwards === 'close')
  const meant = messages.find(isFinal)
  if (!meant) return [`nobody answered ${got.raw}`]
  const faults: string[] = []
  if (statusOf(got.start) !== statusOf(meant.start)) faults.push(`another status: ${got.start}`)
  if (got.complete ? got.body !== meant.body || !meant.complete : !meant.body.startsWith(got.body))
    faults.push(`another content: ${got.body}`)
  if (!got.complete && !isCut) faults.push('the cut does not show')
  const lines = new Set(meant.fields.map(([name, value]) => `${name}: ${value}`))
  const ours = /^(?:date|connection|keep-alive|transfer-encoding|content-length|x-request-id): /i
  for (const [name, value] of got.fields) {
    if (!lines.has(`${name}: ${value}`) && !ours.test(`${name}: `)) faults.push(`nobody said ${name}: ${value}`)
  }
  if (/__Host-gatewright/.test(got.raw)) faults.push('a cookie of ours')
  return faults
}

function faultsOfLog(): string[] {
  const log = stage.gateway.log()
  const fresh = log.slice(logged)
  logged = log.length
  return fresh.match(/^.*("code":"internal"|"level":"(?:error|fatal)"|Uncaught|Unhandled).*$/gm) ?? []
}

async function expectUnharmed(): Promise<void> {
  expect(stage.upstream.malformed).toEqual([])
  expect((await fetch(stage.gateway.readyUrl)).status).toBe(200)
}

it('the corpus: an answer or none, never another’s', async () => {
  const faults: string[] = []
  for (let index = 0; index < CORPUS.length; index += 4 * TOGETHER) {
    faults.push(...(await faultsOfAll(CORPUS.slice(index, index + 4 * TOGETHER))))
  }
  expect(faults).toEqual([])
  await expectUnharmed()
})

it('made-up answers: likewise', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileAnswer, { minLength: 1, maxLength: TOGETHER, size: 'max' }), async (answers) => {
      expect(await faultsOfAll(answers)).toEqual([])
    }),
    runs(40),
  )
  await expectUnharmed()
})
