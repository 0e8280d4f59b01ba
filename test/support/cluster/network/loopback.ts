import { spawn } from 'node:child_process'
import type { Server, Socket } from 'node:net'

import type { Outside } from '../machine/calls.ts'
import { relay } from './relay.ts'

const LISTENER = new URL('listener.ts', import.meta.url).pathname
const LISTEN_MS = 10_000

/**
 * Opens ports on the loopback of a network namespace that lead to ports on this one's. A socket stays in the namespace
 * that it was made in: a helper makes them there and hands them over.
 * @param namespace its file
 * @returns closes them
 * @throws Error when a port is taken
 */
export async function openOnLoopback(namespace: string, ports: readonly Outside[]): Promise<() => void> {
  if (ports.length === 0) return () => undefined
  const wanted = ports.map(({ port }) => String(port))
  const helper = spawn('nsenter', [`--net=${namespace}`, process.execPath, LISTENER, ...wanted], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    timeout: LISTEN_MS,
    killSignal: 'SIGKILL',
  })
  const servers: Server[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  helper.on('message', (message, handle) => {
    const { port } = message as { port: number }
    const to = ports.find((each) => each.port === port)?.to ?? port
    const server = handle as Server
    server.on('connection', (socket: Socket) => relay(socket, { host: '127.0.0.1', port: to }))
    servers.push(server)
    if (servers.length === ports.length) resolve()
  })
  helper.once('error', reject)
  helper.once('exit', (code) => reject(new Error(`ports ${wanted.join(', ')} could not be opened in a pod (${code})`)))
  await promise
  helper.disconnect()
  return () => {
    for (const server of servers) server.close()
  }
}
