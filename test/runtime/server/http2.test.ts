import { once } from 'node:events'
import { connect, type IncomingHttpHeaders } from 'node:http2'
import { text } from 'node:stream/consumers'

import { expect, it, onTestFinished } from 'vitest'

import { startTestGateway } from '../../support/gateway.ts'

async function openHttp2() {
  const gateway = await startTestGateway({
    app: (request, response) => {
      void text(request).then((body) => response.end(`app saw ${request.method} ${request.url} ${body}`))
    },
  })
  const session = connect(gateway.login.replace('login.gw.localhost', '127.0.0.1'))
  session.on('error', () => undefined)
  onTestFinished(async () => {
    session.destroy()
    await gateway.close()
  })
  const ask = async (origin: string, headers: Record<string, string>, body?: string) => {
    const stream = session.request(
      { ':authority': new URL(origin).host, ...headers },
      { endStream: body === undefined },
    )
    if (body !== undefined) stream.end(body)
    const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders]
    return { status: head[':status'], headers: head, text: await text(stream) }
  }
  return { gateway, ask }
}

it('passes requests of HTTP/2 on by the same rules, with and without a body', async () => {
  const { gateway, ask } = await openHttp2()
  expect(await ask(gateway.docs, { ':path': '/a?b' })).toMatchObject({ status: 200, text: 'app saw GET /a?b ' })
  expect(await ask(gateway.docs, { ':path': '/c', ':method': 'POST' }, 'content')).toMatchObject({
    status: 200,
    text: 'app saw POST /c content',
  })
  expect((await ask(gateway.hello, { ':path': '/', accept: 'application/json' })).status).toBe(401)
  expect((await ask(gateway.docs, { ':path': '/../admin' })).status).toBe(400)
  expect((await ask('http://unknown.test', { ':path': '/' })).status).toBe(421)
  expect(gateway.upstreamRequests.map(({ url }) => url)).toEqual(['/a?b', '/c'])
  expect(gateway.upstreamRequests[0]?.rawHeaders.some((name) => name.startsWith(':'))).toBe(false)
})

it('shows its own pages over HTTP/2', async () => {
  const { gateway, ask } = await openHttp2()
  const page = await ask(gateway.login, { ':path': '/sign-in', accept: 'text/html' })
  expect(page.status).toBe(200)
  expect(page.text).toContain('Login with Acme')
  expect(page.headers['connection']).toBeUndefined()
  const withBody = await ask(gateway.login, { ':path': '/sign-in', ':method': 'GET' }, 'unread')
  expect(withBody.status).toBe(200)
})
