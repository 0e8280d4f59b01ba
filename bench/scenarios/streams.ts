import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Readable, Writable } from 'node:stream'

import { Failure } from '../../bin/command/index.ts'
import { type Bed, PATHS, STREAM_BYTES } from '../bed/index.ts'
import type { Contender } from '../contenders/index.ts'
import { readUsage } from '../process/index.ts'
import { NAMES, rounded, type Row } from '../report/index.ts'
import { BROWSER_HEADERS } from './proxying.ts'

/** How often memory is looked at during a stream, in milliseconds. */
const LOOK_EVERY_MS = 50

/** How long one of them may take, in milliseconds. */
const STREAM_MS = 180_000

const CHUNK = Buffer.alloc(64 * 1_024)

/** 2 GB down and 2 GB up, one at a time, with the highest memory that was seen meanwhile. */
export async function measureStreams(bed: Bed, gateway: Contender): Promise<Row[]> {
  const before = readUsage(gateway.pid).rssMiB
  return [
    { name: NAMES.beforeStreams, concurrency: 0, ...NOTHING, rssMiB: rounded(before) },
    await watched(NAMES.download, gateway, (signal) => download(signal, gateway), bed.signal),
    await watched(NAMES.upload, gateway, (signal) => upload(signal, gateway), bed.signal),
  ]
}

const NOTHING = { cpuMicrosPerRequest: null, requestsPerSecond: null, p50Ms: null, p99Ms: null }

async function watched(
  name: string,
  { pid }: Contender,
  stream: (signal: AbortSignal) => Promise<void>,
  stop: AbortSignal,
): Promise<Row> {
  const before = readUsage(pid)
  let highest = before.rssMiB
  const look = setInterval(() => (highest = Math.max(highest, readUsage(pid).rssMiB)), LOOK_EVERY_MS)
  const began = performance.now()
  try {
    await stream(AbortSignal.any([stop, AbortSignal.timeout(STREAM_MS)]))
  } finally {
    clearInterval(look)
  }
  const ms = performance.now() - began
  return {
    name,
    concurrency: 1,
    cpuMicrosPerRequest: rounded(readUsage(pid).cpuMicros - before.cpuMicros),
    requestsPerSecond: rounded(1_000 / ms),
    p50Ms: rounded(ms),
    p99Ms: rounded(ms),
    rssMiB: rounded(highest),
  }
}

async function download(signal: AbortSignal, gateway: Contender): Promise<void> {
  const response = await answerTo(open(signal, gateway, 'GET', PATHS.stream, {}).end())
  let bytes = 0
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      done()
    },
  })
  await pipeline(response, count, { signal })
  if (bytes !== STREAM_BYTES) throw new Failure('bench_failed', `The 2 GB download ended after ${bytes} bytes.`)
}

async function upload(signal: AbortSignal, gateway: Contender): Promise<void> {
  const headers = { 'Content-Length': String(STREAM_BYTES), Origin: `http://${gateway.visitor.host}` }
  const outgoing = open(signal, gateway, 'POST', PATHS.upload, headers)
  const answered = answerTo(outgoing)
  await Promise.all([pipeline(Readable.from(zeros()), outgoing, { signal }), answered])
  ;(await answered).resume()
}

function* zeros(): Generator<Buffer> {
  for (let sent = 0; sent < STREAM_BYTES; sent += CHUNK.length) yield CHUNK
}

function open(
  signal: AbortSignal,
  { origin, visitor }: Contender,
  method: string,
  path: string,
  headers: Record<string, string>,
): ClientRequest {
  const own = { ...BROWSER_HEADERS, Host: visitor.host, Cookie: visitor.cookie }
  return request(`${origin}${path}`, { method, headers: { ...own, ...headers }, agent: false, signal })
}

/** @throws Failure `bench_failed` where it is not 200 */
async function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) {
    throw new Failure('bench_failed', `A stream of 2 GB was answered with ${response.statusCode}.`)
  }
  return response
}
