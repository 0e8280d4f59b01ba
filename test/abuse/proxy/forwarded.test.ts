import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type Stage, startStage } from '../../support/stage.ts'
import { exchange, valuesOf } from '../../support/wire/index.ts'

const OFFICE = '203.0.113.9'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({
    config(config) {
      const { hello } = config.routes
      if (!hello) throw new Error('the routes have other names')
      hello.access = {
        allow: `"staff" in user.groups && (!request.path.startsWith("/inner") || request.ip == "${OFFICE}")`,
      }
      hello.publicPaths = [{ path: { prefix: '/public' }, reason: 'for everybody' }]
    },
  })
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

async function ask(target: string, ...fields: string[]): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(await exchange(stage.port, stage.get('hello', target, ...fields)))?.[1])
}

describe('6: X-Forwarded-Uri and its like', () => {
  const LINES = (path: string): string[] => [
    `X-Forwarded-Uri: ${path}`,
    `X_Forwarded_Uri: ${path}`,
    `X-Original-URI: ${path}`,
    `X-Original-URL: ${path}`,
    `X-Rewrite-URL: ${path}`,
    `X-Forwarded-Path: ${path}`,
    `X-Auth-Request-Redirect: ${path}`,
    `X-Forwarded-Method: OPTIONS`,
    `X-HTTP-Method-Override: OPTIONS`,
  ]

  it('opens no path to a stranger by the name of a public one', async () => {
    for (const line of LINES('/public/logo.svg')) expect(await ask('/private', line), line).toBe(401)
    expect(await ask('/private', ...LINES('/public'))).toBe(401)
    expect(stage.upstream.arrivals).toHaveLength(0)
  })

  it('opens no path to a person whose rule is about paths, nor leads to another one', async () => {
    for (const line of LINES('/page')) expect(await ask('/inner', `Cookie: ${stage.cookie}`, line), line).toBe(403)
    expect(stage.upstream.arrivals).toHaveLength(0)
    for (const line of LINES('/inner')) expect(await ask('/page', `Cookie: ${stage.cookie}`, line), line).toBe(200)
    expect(stage.upstream.arrivals.map(({ method, target }) => `${method} ${target}`)).toEqual(
      LINES('').map(() => 'GET /page'),
    )
  })
})

describe('9: X-Forwarded-For', () => {
  const CLAIMS = [
    `X-Forwarded-For: ${OFFICE}`,
    `X-Forwarded-For: ${OFFICE}, 127.0.0.1`,
    `x_forwarded_for: ${OFFICE}`,
    `X-Real-IP: ${OFFICE}`,
    `True-Client-IP: ${OFFICE}`,
    `CF-Connecting-IP: ${OFFICE}`,
    `X-Client-IP: ${OFFICE}`,
    `X-Cluster-Client-IP: ${OFFICE}`,
    `Forwarded: for=${OFFICE}`,
  ]
  afterEach(() => stage.gateway.reload((config) => (config.trustedProxies = [])))

  it.each(CLAIMS)('of a peer that nobody trusts satisfies no rule: %s', async (line) => {
    expect(await ask('/inner', `Cookie: ${stage.cookie}`, line)).toBe(403)
    expect(stage.upstream.arrivals).toHaveLength(0)
    expect(await ask('/page', `Cookie: ${stage.cookie}`, line)).toBe(200)
    expect(stage.upstream.arrivals[0]?.message.raw).not.toContain(OFFICE)
  })

  it('of a trusted proxy does, and only what that proxy has seen itself', async () => {
    await stage.gateway.reload((config) => (config.trustedProxies = ['127.0.0.0/8', '10.0.0.0/8']))
    const cookie = `Cookie: ${stage.cookie}`
    expect(await ask('/inner', cookie, `X-Forwarded-For: ${OFFICE}`)).toBe(200)
    expect(await ask('/inner', cookie, `X-Forwarded-For: 198.51.100.1, ${OFFICE}, 10.1.2.3`)).toBe(200)
    expect(stage.upstream.arrivals.map(({ message }) => valuesOf(message, 'x-forwarded-for'))).toEqual([
      [OFFICE],
      [OFFICE],
    ])
    stage.upstream.arrivals.length = 0
    for (const line of [
      `X-Forwarded-For: ${OFFICE}, 198.51.100.1`,
      `X-Forwarded-For: ${OFFICE}, 198.51.100.1, 10.1.2.3`,
      `X-Forwarded-For: ${OFFICE}, unknown`,
      `X-Forwarded-For: ${OFFICE}, 999.1.1.1`,
      `X-Forwarded-For: ${OFFICE}:80:80`,
      'X-Forwarded-For: ',
      `X-Real-IP: ${OFFICE}`,
      `Forwarded: for=${OFFICE}`,
    ]) {
      expect(await ask('/inner', cookie, line), line).toBe(403)
    }
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})
