import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { Failure } from '../../bin/command/index.ts'
import { forwardTo } from '../../test/support/release.ts'
import { type Bed, PATHS, startWebSocketUpstream } from '../bed/index.ts'
import { type GatewayFolder, signIn, startGateway, writeGatewayFolder } from '../contenders/index.ts'
import { prepareLoad } from '../load/index.ts'
import { readUsage } from '../process/index.ts'
import { NAMES, rounded, type Row } from '../report/index.ts'
import { BROWSER_HEADERS } from './proxying.ts'

const SOCKETS = 1_000
/** Handshakes at one time. */
const AT_ONCE = 50
/** How long the gateway is left alone before its memory is read, in milliseconds. */
const REST_MS = 2_000
const HANDSHAKE_MS = 10_000

const NOTHING = { cpuMicrosPerRequest: null, requestsPerSecond: null, p50Ms: null, p99Ms: null }

/** Memory of a gateway that has answered some requests, and with a thousand WebSockets on which nothing happens. */
export async function measureWebSockets(bed: Bed): Promise<Row[]> {
  const upstream = await startWebSocketUpstream(bed)
  const folder = await writeGatewayFolder(bed, ({ routes }) => {
    if (routes['docs']) routes['docs'] = { ...routes['docs'], action: forwardTo(upstream) }
    if (routes['docs'] && routes['hello']) routes['docs'].access = routes['hello'].access
  })
  const gateway = await startGateway(bed, folder)
  const host = folder.host.replace('hello.', 'docs.')
  const person = await signIn(`http://${folder.host}${PATHS.json}`, 'provider')
  const cookie = await person.cookieFor(`http://${host}/`)
  await warmUp(bed, folder, await person.cookieFor(`http://${folder.host}${PATHS.json}`))
  await delay(REST_MS, undefined, { signal: bed.signal })
  const before = readUsage(gateway.pid).rssMiB
  const sockets: Socket[] = []
  try {
    while (sockets.length < SOCKETS) {
      const group = Array.from({ length: AT_ONCE }, () => openWebSocket(folder.origin, host, cookie))
      sockets.push(...(await Promise.all(group)))
    }
    await delay(REST_MS, undefined, { signal: bed.signal })
    const open = sockets.filter((socket) => !socket.closed).length
    if (open < SOCKETS) throw new Failure('bench_failed', `Of ${SOCKETS} WebSockets ${open} stayed open.`)
    return [
      { name: NAMES.noSockets, concurrency: 0, ...NOTHING, rssMiB: rounded(before) },
      { name: NAMES.sockets, concurrency: SOCKETS, ...NOTHING, rssMiB: rounded(readUsage(gateway.pid).rssMiB) },
    ]
  } finally {
    for (const socket of sockets) socket.destroy()
    await gateway.stop()
  }
}

/** What a process takes for its first requests is not what WebSockets cost. */
async function warmUp(bed: Bed, { origin, host }: GatewayFolder, cookie: string): Promise<void> {
  const load = await prepareLoad({
    wrk: bed.tools.wrk,
    origin,
    request: { method: 'GET', path: PATHS.json, headers: BROWSER_HEADERS, bodyBytes: 0 },
    visitors: [{ host, cookie }],
    folder: bed.folder,
    signal: bed.signal,
  })
  await load.run(2, 64)
}

async function openWebSocket(origin: string, host: string, cookie: string): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const timeout = setTimeout(() => socket.destroy(new Error('no answer to a WebSocket handshake')), HANDSHAKE_MS)
  const lines = [
    'GET /socket HTTP/1.1',
    `Host: ${host}`,
    `Origin: http://${host}`,
    `Cookie: ${cookie}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [head] = (await once(socket, 'data')) as [Buffer]
  clearTimeout(timeout)
  const status = head.toString('latin1').split('\r\n', 1)[0] ?? ''
  if (status.startsWith('HTTP/1.1 101 ')) return socket.on('error', () => socket.destroy()).resume()
  socket.destroy()
  throw new Failure('bench_failed', `A WebSocket was refused: ${status}`)
}
