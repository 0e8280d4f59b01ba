import { once } from 'node:events'
import { connect } from 'node:net'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { startTestGateway, type TestGateway } from '../../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

it.each<[string, string, () => string]>([
  ['GET', '/sign-in', () => gateway.login],
  ['HEAD', '/sign-in', () => gateway.login],
  ['GET', '/', () => gateway.hello],
])('a %s of %s whose body never comes is answered, and its connection closed', async (method, path, origin) => {
  const { host, port } = new URL(origin())
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\naccept: text/html\r\ncontent-length: 1000\r\n\r\n`)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
  await once(socket, 'end')
  expect(answer).toMatch(/^HTTP\/1\.1 (?:200|302) /)
  socket.destroy()
})
