import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type Stage, startStage } from '../../support/stage.ts'
import { exchange, request, valuesOf } from '../../support/wire/index.ts'

const OURS = '__Host-gatewright-session'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

async function ask(route: 'hello' | 'docs', ...lines: string[]): Promise<string> {
  return exchange(stage.port, request('GET', '/', `Host: ${stage.host(route)}`, ...lines, 'Connection: close'))
}

const cookies = (): string[][] => stage.upstream.arrivals.map(({ message }) => valuesOf(message, 'cookie'))
const session = (): string => stage.cookie.split('=')[1] ?? ''

describe('16: a malformed cookie', () => {
  const MALFORMED: [string, (value: string) => string][] = [
    ['no name', (value) => `=${value}`],
    ['no value', () => `${OURS}=`],
    ['no equals sign', (value) => `${OURS}${value}`],
    ['a comma', (value) => `a=b, ${OURS}=${value}`],
    ['a colon', (value) => `${OURS}:${value}`],
    ['an escaped name', (value) => `%5F%5FHost-gatewright-session=${value}`],
    ['an escaped value', (value) => `${OURS}=%${value}`],
    ['quotes', (value) => `${OURS}="${value}"`],
    ['a quote that stays open', (value) => `a="; ${OURS}="${value}`],
    ['another case', (value) => `__host-Gatewright-session=${value}`],
    ['a space inside', (value) => `${OURS}=${value.slice(0, 9)} ${value.slice(9)}`],
    ['one character more', (value) => `${OURS}=${value}A`],
    ['one character less', (value) => `${OURS}=${value.slice(0, -1)}`],
    ['another name in front', (value) => `x${OURS}=${value}`],
    ['letters outside ASCII', (value) => `${OURS}=é${value}`],
    ['JSON', (value) => `${OURS}={"value":"${value}"}`],
    ['an array in PHP', (value) => `${OURS}[]=${value}`],
    ['itself twice', (value) => `${OURS}=${value}; ${OURS}=${value}x`],
  ]
  it.each(MALFORMED)('lets nobody in: %s', async (_, make) => {
    expect(await ask('hello', `Cookie: ${make(session())}`)).toMatch(/^HTTP\/1\.1 401 /)
    expect(stage.upstream.arrivals).toHaveLength(0)
  })

  it.each(['\0', '\x01', '\x7f\0', 'a\rb', 'a\nb'])(
    'with a control character is not even looked at: %j',
    async (text) => {
      const answer = await ask('hello', `Cookie: a=${text}; ${stage.cookie}`)
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(stage.upstream.arrivals).toHaveLength(0)
    },
  )

  it('of an app does not keep its person out', async () => {
    for (const own of [';;;=;', '=x', 'a', 'a="', 'b={"x":1,"y":[2]}', 'é=ü', 'a=b=c', '%=%zz']) {
      expect(await ask('hello', `Cookie: ${own}; ${stage.cookie}`), own).toMatch(/^HTTP\/1\.1 200 /)
    }
  })
})

describe('47: our cookies and those of apps', () => {
  const PASSED: [string, string[]][] = [
    [`${OURS}=secret`, []],
    [`a=1; ${OURS}=secret; b=2`, ['a=1; b=2']],
    [`a=1;__Host-gatewright-state=secret;b=2`, ['a=1;b=2']],
    [` \t${OURS} = secret ;  b = "x;y" `, ['b = "x;y"']],
    [`=${OURS}=secret; ;;a;=;b`, [';;a;=;b']],
    [`${OURS}; a`, ['a']],
    ['a="1"; b={"x":1}; =x; é', ['a="1"; b={"x":1}; =x; é']],
    [';;;=;', [';;;=;']],
    [`${OURS}=secret; `.repeat(99) + 'a=1', ['a=1']],
  ]
  it.each(PASSED)('are told apart: %s', async (cookie, passed) => {
    expect(await ask('docs', `Cookie: ${cookie}`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(cookies()).toEqual([passed])
    expect(stage.upstream.arrivals[0]?.message.raw).not.toContain('secret')
  })

  it('are told apart in every Cookie line', async () => {
    await ask('docs', `Cookie: ${OURS}=secret`, 'COOKIE: a=1', `cookie: b=2; ${OURS}=secret`)
    expect(cookies()).toEqual([['a=1', 'b=2']])
  })

  it('stay apart for somebody who is signed in', async () => {
    expect(await ask('hello', `Cookie: theme=dark; ${stage.cookie}; lang=en`)).toMatch(/^HTTP\/1\.1 200 /)
    expect(cookies()).toEqual([['theme=dark; lang=en']])
    expect(stage.upstream.received.join('\n')).not.toContain(session())
  })

  const PLANTED = [
    `${OURS}=evil; Path=/; Secure`,
    ` \t ${OURS}=evil`,
    `${OURS} =evil`,
    `=${OURS}=evil`,
    ` = ${OURS}=evil`,
    OURS,
    '__Host-gatewright-csrf=evil',
    `${OURS};a=b`,
  ]
  it('are set by no upstream', async () => {
    const before = stage.upstream.handle
    const kept = ['app=1; HttpOnly', 'Own=2; Domain=gw.localhost']
    const lines = [...PLANTED, ...kept].map((cookie) => `Set-Cookie: ${cookie}\r\n`).join('')
    const trailer = `Set-Cookie: ${OURS}=evil\r\n`
    stage.upstream.handle = ({ target, answer }) =>
      answer(
        target === '/'
          ? `HTTP/1.1 200 OK\r\n${lines}Content-Length: 0\r\n\r\n`
          : `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Set-Cookie\r\n\r\n0\r\n${trailer}\r\n`,
      )
    const answers = [await ask('docs'), await ask('hello', `Cookie: ${stage.cookie}`)]
    const ended = await exchange(stage.port, stage.get('docs', '/trailers', 'TE: trailers'))
    stage.upstream.handle = before
    for (const answer of answers) {
      expect(answer).not.toMatch(/evil|__Host-/)
      expect(answer.match(/^Set-Cookie: .*$/gm)).toEqual(kept.map((cookie) => `Set-Cookie: ${cookie}`))
    }
    expect(ended).not.toContain('evil')
  })
})
