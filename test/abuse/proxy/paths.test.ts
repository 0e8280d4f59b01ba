import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type Stage, startStage } from '../../support/stage.ts'
import { exchange } from '../../support/wire/index.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({
    config(config) {
      const { hello, docs } = config.routes
      if (!hello || !docs) throw new Error('the routes have other names')
      hello.access = { allow: '"staff" in user.groups && !request.path.startsWith("/inner")' }
      hello.publicPaths = [
        { path: { prefix: '/public' }, reason: 'pictures of the sign-in page' },
        { path: { exact: '/open' }, reason: 'a page for everybody' },
      ]
      docs.allowEncodedSlash = true
    },
  })
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

const stranger = (target: string): Promise<string> => exchange(stage.port, stage.get('hello', target))
const staff = (target: string): Promise<string> =>
  exchange(stage.port, stage.get('hello', target, `Cookie: ${stage.cookie}`))
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
const targets = (): string[] => stage.upstream.arrivals.map(({ target }) => target)

it('a public path is open to everybody: what follows is refused for its own reason', async () => {
  for (const target of ['/public', '/public/', '/public/logo.svg', '/open', '/open?a=b', '/%70ublic/%6cogo.svg']) {
    expect(statusOf(await stranger(target)), target).toBe(200)
  }
  const last = '/public/logo.svg'
  expect(targets()).toEqual(['/public', '/public/', '/public/logo.svg', '/open', '/open?a=b', last])
})

describe('10: a query', () => {
  it.each([
    '/private?/public',
    '/private?/public/logo.svg',
    '/private?path=/public/',
    '/private??/public',
    '/?/../public/x',
    '/private?x=%2e%2e/public',
    '/private%3F/public',
    '/private;/public?open',
    '/public%3Flogo',
    '/open%3F',
    '/?/open',
  ])('makes no path public: %s', async (target) => {
    expect(statusOf(await stranger(target))).toBe(401)
    expect(targets()).toEqual([])
  })

  it.each(['?x=/../%2e%2e&y=%zz', '?', '??', '?a=%2F//..;/\\', '?\'"<>^`{|}'])(
    'is passed on byte for byte: %s',
    async (query) => {
      expect(statusOf(await staff(`/page${query}`))).toBe(200)
      expect(targets()).toEqual([`/page${query}`])
    },
  )
})

describe('11: a fragment', () => {
  it.each(['/private#/public', '/private#', '#/public', '/public#/../private', '/private?a#/public', '/#'])(
    'is no part of a request: %s',
    async (target) => {
      for (const ask of [stranger, staff]) expect(statusOf(await ask(target))).toBe(400)
      expect(targets()).toEqual([])
    },
  )

  it.each([
    '/private%23/public',
    '/private%2523/public',
    '/public%23',
    '/public%23/private',
    '/open%23',
    '/%23/public',
  ])('in escapes is a path of its own: %s', async (target) => {
    expect(statusOf(await stranger(target))).toBe(401)
    expect(statusOf(await staff(target))).toBe(200)
    expect(targets()).toEqual([target])
  })
})

const OTHER_PATH_FOR_SOMEBODY = [
  '/public/../private',
  '/public/..',
  '/..',
  '/.',
  '/./private',
  '/public/.',
  '/public/%2e%2e/private',
  '/public/%2E./private',
  '/public/.%2e/private',
  '/public/..;/private',
  '/public/..;x=1/private',
  '/public/..%3Bx/private',
  '/public/.;/private',
  '/public/%252e%252e/private',
  '/public/%25252e%25252e/private',
  '/public%2f..%2fprivate',
  '/public%2Fprivate',
  '/public%252fprivate',
  '/public/..%20/private',
  '/public\\private',
  '/public/..\\private',
  '/public%5cprivate',
  '/public%5C..%5Cprivate',
  '/public%255cprivate',
  '//private',
  '///private',
  '/public//private',
  '//evil.example/',
  '/public/\\../private',
]

describe('12: a path that somebody on the way reads as another one', () => {
  it.each(OTHER_PATH_FOR_SOMEBODY)('is denied: %s', async (target) => {
    for (const ask of [stranger, staff]) expect(statusOf(await ask(target))).toBe(400)
    expect(targets()).toEqual([])
  })

  it('is passed on in the spelling that the rule was asked about', async () => {
    const spellings = [
      ['/%61dmin/%7Euser', '/admin/~user'],
      ['/caf%c3%a9', '/caf%C3%A9'],
      ['/wiki/C%23?x=%2e', '/wiki/C%23?x=%2e'],
      ['/a;v=1/b?', '/a;v=1/b?'],
      ['/a...b/...', '/a...b/...'],
      ['/100%25', '/100%25'],
      ['/%2D%2d%5f', '/--_'],
    ]
    for (const [target = ''] of spellings) expect(statusOf(await staff(target)), target).toBe(200)
    expect(targets()).toEqual(spellings.map(([, canonical]) => canonical))
  })

  it.each(['/inner', '/%69nner', '/inne%72/x', '/%69%6E%6e%65%72?a'])(
    'does not get past a rule about paths: %s',
    async (target) => {
      expect(statusOf(await staff(target))).toBe(403)
      expect(targets()).toEqual([])
    },
  )

  it('passes encoded and doubled slashes where a route allows them, dots never', async () => {
    const ask = async (target: string): Promise<number> =>
      statusOf(await exchange(stage.port, stage.get('docs', target)))
    for (const target of ['/@scope%2fname', '/a//b', '/a%252Fb']) expect(await ask(target), target).toBe(200)
    for (const target of ['/a%2f..%2fb', '/a/..%2fb', '/a%2f%2e%2e', '/a%252f..', '//a', '/a//../b', '/a%2f.%2fb']) {
      expect(await ask(target), target).toBe(400)
    }
    expect(targets()).toEqual(['/@scope%2Fname', '/a//b', '/a%252Fb'])
  })
})

describe('13: a malformed address', () => {
  it.each([
    '/a%',
    '/a%2',
    '/a%zz',
    '/a%u002e',
    '/%c0%ae%c0%ae/private',
    '/%e0%80%af',
    '/%ff',
    '/%ed%a0%80',
    '/%f4%90%80%80',
    '/a%0',
    '/%%32%65',
    '/a%00',
    '/a%0d%0aX: 1',
    '/a%0a',
    '/a%7f',
    '/a%2500',
    '/a\xff',
    '/\x01',
    '/a\x7f',
    '/a\tb',
    'hello',
    '?x',
    '',
    '*',
    '@evil.example/',
    ':80/',
    'http:/private',
    '/a b',
  ])('is denied: %j', async (target) => {
    for (const ask of [stranger, staff]) {
      const answer = await ask(target)
      expect(statusOf(answer)).toBe(400)
      expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    }
    expect(targets()).toEqual([])
  })
})
