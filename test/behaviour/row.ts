import {
  answerPlainly,
  type Arrival,
  type Connection,
  exchange,
  type Message,
  openConnection,
  readAnswers,
  type Recorder,
  request,
  statusOf,
  valuesOf,
} from '../support/wire/index.ts'
import type { Contender, ContenderName } from './contenders/index.ts'

/** A proxy with the upstream behind it. */
export interface Scene {
  contender: Contender
  upstream: Recorder
}

/** One line of the table. */
export interface Row {
  title: string
  /** Finds out what the proxy does, in a few words. */
  observe: (scene: Scene) => Promise<string>
  /** What each of them is known to do. */
  does: Readonly<Record<ContenderName, string>>
  /** Why ours differs from one of them, in a sentence; it is missing where it does not. */
  why?: string
}

export interface Group {
  title: string
  rows: readonly Row[]
}

/** What nobody should have to wait longer for, in milliseconds: then it is held back. */
const AT_ONCE_MS = 500

export interface Question {
  method?: string
  target?: string
  fields?: readonly string[]
  content?: string
  /** What the upstream does; it answers plainly where this is left out. */
  handle?: Recorder['handle']
}

/** What came of one request. */
export interface Asked {
  /** The final answer; undefined where there is none. */
  answer: Message | undefined
  status: number
  /** Informational ones, in order. */
  information: Message[]
  /** The first request that the upstream got. */
  arrival: Arrival | undefined
  received: string
}

/** Asks once, on a connection of its own. */
export async function ask(scene: Scene, question: Question = {}): Promise<Asked> {
  const { method = 'GET', target = '/', fields = [], content = '', handle } = question
  const { contender, upstream } = prepare(scene, handle)
  const head = request(method, target, `Host: ${contender.host}`, ...fields, 'Connection: close')
  return asked(upstream, await exchange(contender.port, head + content), method)
}

export function asked({ arrivals }: Recorder, received: string, method = 'GET'): Asked {
  const { messages } = readAnswers(received, [method], true)
  const answer = messages.find(({ start }) => statusOf(start) >= 200)
  const information = messages.filter(({ start }) => statusOf(start) < 200)
  return { answer, status: statusOf(answer?.start ?? ''), information, arrival: arrivals[0], received }
}

/** Opens a connection that lives on after the answer. */
export function open(
  scene: Scene,
  { method = 'GET', target = '/', fields = [], content = '', handle }: Question,
): Connection {
  const { contender } = prepare(scene, handle)
  return openConnection(contender.port, request(method, target, `Host: ${contender.host}`, ...fields) + content)
}

function prepare(scene: Scene, handle: Recorder['handle'] = (arrival) => void answerPlainly(arrival)): Scene {
  scene.upstream.arrivals.length = 0
  scene.upstream.handle = handle
  return scene
}

/** Whether something happens at once, or is held back. */
export async function isAtOnce(happening: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), AT_ONCE_MS)
  const verdict = await Promise.race([
    happening.then(
      () => true,
      () => false,
    ),
    late,
  ])
  clearTimeout(timer)
  return verdict
}

/** The names of those fields that a message has, in its order and spelling. */
export function namesAmong({ fields }: Message, names: readonly string[]): string[] {
  return fields.map(([name]) => name).filter((name) => names.includes(name.toLowerCase()))
}

export function valueOf(message: Message | undefined, name: string): string {
  return message ? valuesOf(message, name).join(' + ') : ''
}

/** `400`, or how it arrived at the upstream. */
export function arrivedAs({ status, arrival }: Asked): string {
  return arrival ? `\`${arrival.target}\`` : `refused, ${status || 'cut'}`
}
