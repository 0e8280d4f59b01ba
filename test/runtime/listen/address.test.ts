import { createServer, Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { once } from 'node:events'

import { expect, it, onTestFinished } from 'vitest'

import { listenAt } from '../../../runtime/listen/index.ts'

/** A server on a machine whose kernel was started without IPv6. */
class OldServer extends Server {
  override listen(...[port, host]: unknown[]): this {
    if (String(host).includes(':')) {
      const error = Object.assign(new Error('address family not supported'), { code: 'EAFNOSUPPORT' })
      process.nextTick(() => this.emit('error', error))
      return this
    }
    return super.listen(port as number, host as string)
  }
}

async function reaches(server: Server, host: string): Promise<boolean> {
  const { port } = server.address() as AddressInfo
  const socket = connect(port, host)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return true
}

it('everywhere is both families', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  await listenAt(server, { host: '::', port: 0 })
  expect(await reaches(server, '127.0.0.1')).toBe(true)
  expect(await reaches(server, '::1')).toBe(true)
})

it('everywhere is IPv4 alone where the kernel knows nothing else, and an address of IPv6 cannot be had', async () => {
  const server = new OldServer()
  onTestFinished(() => void server.close())
  await expect(listenAt(server, { host: '::1', port: 0 })).rejects.toMatchObject({ code: 'EAFNOSUPPORT' })
  expect(server.listening).toBe(false)
  await listenAt(server, { host: '::', port: 0 })
  expect(await reaches(server, '127.0.0.1')).toBe(true)
})

it('an address that somebody has cannot be had', async () => {
  const [first, second] = [createServer(), createServer()]
  onTestFinished(() => void first.close())
  await listenAt(first, { host: '127.0.0.1', port: 0 })
  const { port } = first.address() as AddressInfo
  await expect(listenAt(second, { host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
