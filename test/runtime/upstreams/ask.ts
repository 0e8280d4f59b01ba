import type {
  AnswerHandler,
  AnswerHead,
  Endpoint,
  OutgoingExchange,
  OutgoingHead,
  UpstreamFailure,
} from '../../../runtime/upstreams/contract.ts'

/** What a handler has heard, in order. */
export type Heard =
  | { kind: 'connected' }
  | { kind: 'information'; status: number; headers: string[] }
  | { kind: 'head'; answer: AnswerHead }
  | { kind: 'data'; bytes: number }
  | { kind: 'end'; trailers: string[] }
  | { kind: 'failed'; failure: UpstreamFailure }

export interface Asked {
  exchange: OutgoingExchange
  heard: Heard[]
  /** Content so far. */
  text(): string
  /** Settles at the end, or at a failure. */
  over: Promise<Heard[]>
  /** Settles when this is so; rejects when the exchange ends without it. */
  until(isSo: () => boolean): Promise<true>
  /** Settles with the first of this kind; an exchange that ends without it rejects. */
  first<Kind extends Heard['kind']>(kind: Kind): Promise<Extract<Heard, { kind: Kind }>>
}

/** Asks an endpoint, and keeps all that it says. */
export function ask(
  endpoint: Endpoint,
  head: Partial<OutgoingHead> = {},
  overrides: Partial<AnswerHandler> = {},
): Asked {
  const heard: Heard[] = []
  const chunks: Buffer[] = []
  const waiting = new Set<() => void>()
  const hear = (what: Heard): void => {
    heard.push(what)
    for (const look of waiting) look()
  }
  const until = <Value>(find: () => Value | undefined): Promise<Value> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find()
        if (found === undefined && !isOver(heard)) return
        waiting.delete(look)
        if (found === undefined) reject(new Error(`heard ${JSON.stringify(heard)}`))
        else resolve(found)
      }
      waiting.add(look)
      look()
    })
  const exchange = endpoint.send(
    { method: 'GET', target: '/', headers: ['Host', endpoint.host], hasBody: false, ...head },
    {
      connected: () => hear({ kind: 'connected' }),
      information: (status, headers) => hear({ kind: 'information', status, headers }),
      head: (answer) => hear({ kind: 'head', answer }),
      data: (chunk) => {
        chunks.push(chunk)
        hear({ kind: 'data', bytes: chunk.length })
        return true
      },
      end: (trailers) => hear({ kind: 'end', trailers }),
      drain: () => undefined,
      failed: (failure) => hear({ kind: 'failed', failure }),
      ...overrides,
    },
  )
  return {
    exchange,
    heard,
    text: () => Buffer.concat(chunks).toString('latin1'),
    over: until(() => (isOver(heard) ? heard : undefined)),
    until: (isSo) => until(() => isSo() || undefined),
    first: (kind) =>
      until(() => heard.find((what): what is Extract<Heard, { kind: typeof kind }> => what.kind === kind)),
  }
}

function isOver(heard: readonly Heard[]): boolean {
  const last = heard.at(-1)?.kind
  return last === 'end' || last === 'failed'
}

/** The failure that an exchange ended with. */
export async function failureOf(asked: Asked): Promise<UpstreamFailure> {
  const last = (await asked.over).at(-1)
  if (last?.kind !== 'failed') throw new Error(`it did not fail: ${JSON.stringify(last)}`)
  return last.failure
}
