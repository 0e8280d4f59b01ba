import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Stage, startStage } from '../support/stage.ts'
import { type Arrival, exchange, openConnection, readAnswers, readRequests } from '../support/wire/index.ts'
import { CORPUS } from './requests/corpus.ts'
import { differences, type Passage, passagesOf, type Scene } from './requests/expectation.ts'
import { hostileRequest } from './requests/hostile-requests.ts'
import { runs } from './runs.ts'

/** At one time. */
const TOGETHER = 12
/** A request that is not whole gets so long to be answered before its connection is ended, in milliseconds. */
const PATIENCE_MS = 150

let stage: Stage
let scene: Scene
let tags = 0
let logged = 0
beforeAll(async () => {
  stage = await startStage({
    config({ routes: { hello } }) {
      if (hello)
        hello.access = { allow: '"staff" in user.groups && (request.path == "/" || request.path.startsWith("/open"))' }
    },
  })
  const session = stage.cookie.split('; ').find((pair) => pair.startsWith('__Host-gatewright-session=')) ?? ''
  const upstreamHost = new URL(stage.upstream.origin).host
  scene = { docs: stage.host('docs'), hello: stage.host('hello'), session, upstreamHost }
})
afterAll(() => stage.close())

function placed(text: string): string {
  tags += 1
  return text
    .replaceAll('DOCS', scene.docs)
    .replaceAll('HELLO', scene.hello)
    .replaceAll('SESSION', scene.session)
    .replaceAll('TAG', `tag=${tags}`)
}

/** Sends bytes, waits for what they deserve, and ends the connection: that it ends in time is part of what is tested. */
async function send(bytes: string): Promise<string> {
  const connection = openConnection(stage.port, bytes)
  const { messages } = readRequests(bytes)
  const methods = messages.map(({ start }) => start.split(' ')[0] ?? '')
  const isAnswered = (received: string): boolean => {
    const answers = readAnswers(received, methods, false)
    return (
      messages.length > 0 &&
      answers.messages.filter(({ complete, start }) => complete && !start.includes(' 100 ')).length >= messages.length
    )
  }
  const patience = setTimeout(() => connection.socket.end(), PATIENCE_MS)
  try {
    await connection.until(isAnswered).catch(() => undefined)
    connection.socket.end()
    return await connection.ended()
  } finally {
    clearTimeout(patience)
    connection.close()
  }
}

/** What the gateway has done that it must not. */
async function faultsOf(requests: readonly string[]): Promise<string[]> {
  const sent = requests.map(placed)
  const received = await Promise.all(sent.map(send))
  const mark = `/open/last?${tags}`
  await exchange(stage.port, stage.get('docs', mark))
  const arrivals = stage.upstream.arrivals.splice(0).filter(({ target }) => target !== mark)
  const open = sent.flatMap((bytes) => passagesOf(bytes, scene))
  const maySmuggle = open.some(({ target }) => target.includes('smuggled'))
  const faults = arrivals.flatMap((arrival) => faultsOfArrival(arrival, open))
  faults.push(...stage.upstream.malformed.splice(0).map((bytes) => `no HTTP went upstream: ${bytes}`))
  for (const answer of received) {
    if (/^HTTP\/1\.1 5/m.test(answer)) faults.push(`an answer blames the server: ${answer.slice(0, 200)}`)
    if (!maySmuggle && answer.includes('smuggled')) faults.push(`answered: ${answer}`)
  }
  const log = stage.gateway.log()
  faults.push(
    ...(log.slice(logged).match(/^.*("code":"internal"|"level":"(?:error|fatal)"|Uncaught|Unhandled).*$/gm) ?? []),
  )
  logged = log.length
  return faults
}

/** Each request that was sent can arrive once. */
function faultsOfArrival(arrival: Arrival, open: Passage[]): string[] {
  const { method, target } = arrival
  const candidates = open.filter((passage) => passage.method === method && passage.target === target)
  if (candidates.length === 0) return [`nobody may send ${method} ${target}: ${arrival.message.raw}`]
  const verdicts = candidates.map((passage) => ({ passage, wrong: differences(arrival, passage, scene) }))
  const fit = verdicts.find(({ wrong }) => wrong.length === 0)
  if (!fit) return (verdicts[0]?.wrong ?? []).map((wrong) => `${method} ${target}: ${wrong}`)
  open.splice(open.indexOf(fit.passage), 1)
  return []
}

async function expectUnharmed(): Promise<void> {
  expect((await fetch(stage.gateway.readyUrl)).status).toBe(200)
  expect(await exchange(stage.port, stage.get('hello', '/open', `Cookie: ${stage.cookie}`))).toMatch(/^HTTP\/1\.1 200 /)
  stage.upstream.arrivals.length = 0
}

it('passes a plain request on: what follows is refused for its own reason', async () => {
  for (const host of ['HELLO', 'DOCS']) {
    const bytes = placed(`GET /open?TAG HTTP/1.1\r\nHost: ${host}\r\nCookie: SESSION\r\nX-Custom: 1\r\n\r\n`)
    expect(await send(bytes)).toMatch(/^HTTP\/1\.1 200 /)
    const arrivals = stage.upstream.arrivals.splice(0)
    const [passage] = passagesOf(bytes, scene)
    expect(arrivals).toHaveLength(1)
    expect(passage && arrivals[0] && differences(arrivals[0], passage, scene)).toEqual([])
  }
})

it('the corpus: nothing goes upstream that policy did not see, no header that nobody allowed, and nothing breaks', async () => {
  const faults: { bytes: string; faults: string[] }[] = []
  for (let index = 0; index < CORPUS.length; index += TOGETHER) {
    const batch = CORPUS.slice(index, index + TOGETHER)
    const found = await faultsOf(batch)
    // Once more, each on its own: to say which one it was.
    if (found.length === 0) continue
    for (const bytes of batch) faults.push({ bytes, faults: await faultsOf([bytes]) })
  }
  expect(faults.filter((each) => each.faults.length > 0)).toEqual([])
  await expectUnharmed()
})

it('made-up requests: likewise', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileRequest, { minLength: 1, maxLength: TOGETHER, size: 'max' }), async (requests) => {
      expect(await faultsOf(requests)).toEqual([])
    }),
    runs(40),
  )
  await expectUnharmed()
})
