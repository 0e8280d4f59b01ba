import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { sendRaw, statusOf } from '../../support/raw.ts'

const SECRET = 'c2VjcmV0LW9mLXRoZS1wcm94eS1pbi1mcm9udA'

let gateway: TestGateway
let hello: string
let port: number
beforeAll(async () => {
  gateway = await startTestGateway({
    secrets: { 'forward-auth-secret': SECRET },
    config(config) {
      const { hello: route } = config.routes
      if (!route) throw new Error('the routes have other names')
      route.action = { kind: 'forward_auth' }
      route.publicPaths = [{ path: { prefix: '/public' }, reason: 'for everybody' }]
      config.forwardAuth = true
    },
  })
  hello = new URL(gateway.hello).host
  port = Number(new URL(gateway.hello).port)
})
afterAll(() => gateway.close())

async function ask(...fields: string[]): Promise<number> {
  const lines = ['GET /.gatewright/verify HTTP/1.1', 'Host: gateway', ...fields, 'Connection: close']
  return statusOf(await sendRaw(port, `${lines.join('\r\n')}\r\n\r\n`))
}

const trusted = `X-Gatewright-Forward-Auth: ${SECRET}`
const original = (target: string): string[] => [
  'X-Forwarded-Method: GET',
  `X-Forwarded-Host: ${hello}`,
  `X-Forwarded-Uri: ${target}`,
]

describe('6: the request that another proxy asks about', () => {
  it('is believed of one who shows the secret, and of nobody else', async () => {
    expect(await ask(trusted, ...original('/public/a'))).toBe(200)
    expect(await ask(trusted, ...original('/private'))).toBe(401)
    expect(await ask(...original('/public/a'))).toBe(421)
    expect(await ask(`${trusted}x`, ...original('/public/a'))).toBe(421)
    expect(await ask(trusted, trusted, ...original('/public/a'))).toBe(421)
  })

  it.each([
    'X-Forwarded-Uri: /public',
    'x-forwarded-uri: /private',
    'X_Forwarded_Uri: /public',
    'X.Forwarded.Uri: /public',
    'X-Original-URL: /public',
    'X_Original_Uri: /public',
    'X-Rewrite-URL: /public',
    'X-Forwarded-Host: docs',
    'X-Forwarded-Method: OPTIONS',
  ])('is nobody’s when a client could add %s', async (line) => {
    for (const target of ['/public/a', '/private']) {
      expect(await ask(trusted, ...original(target), line)).toBe(403)
      expect(await ask(trusted, line, ...original(target))).toBe(403)
    }
  })

  it.each([
    '/public/../private',
    '/public/%2e%2e/private',
    '/public%2f..%2fprivate',
    '//public',
    '/%70ublic',
    '/public\\',
  ])('is nobody’s as %s, which the proxy may read otherwise', async (target) => {
    expect(await ask(trusted, ...original(target))).toBe(403)
  })
})

describe('1, 2: aliases of identity headers', () => {
  it.each(['X_Gatewright_Assertion', 'X.Gatewright.Assertion', 'x_pomerium-jwt.assertion'])(
    'keep a request from every app behind another proxy: %s',
    async (name) => {
      expect(await ask(trusted, ...original('/public/a'), `${name}: forged`)).toBe(403)
    },
  )
})
