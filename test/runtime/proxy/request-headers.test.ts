import { array, assert, asyncProperty, constantFrom, oneof, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'

import { foldName } from '../../../runtime/header-names/index.ts'
import { SPOOFED as SPOOFED_EVERYWHERE } from '../../support/wire/spoofed.ts'
import { exchange, get, PUBLIC_ORIGIN, startGateway, startUpstream, type Stage } from './stage.ts'

const SEED = 20_261_122

const IDENTITY: Stage['forward'] = {
  identityHeaders: [
    ['X-Gatewright-Assertion', 'signed'],
    ['X-Team', 'red'],
    ['X-Claim-Absent', undefined],
  ],
}

/** With the names of this route’s own. */
const SPOOFED = [...SPOOFED_EVERYWHERE, 'X-Claim-Absent', 'X-Team']

/** All spellings that some app folds into the same variable. */
const aliases = (name: string): string[] =>
  [
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    ...['_', '.', '!', '~'].map((sign) => name.replaceAll('-', sign)),
  ].filter((alias, index, all) => all.indexOf(alias) === index)

/** Folded name → values, as an app behind CGI sees them. */
function folded(raw: readonly string[]): Map<string, string[]> {
  const seen = new Map<string, string[]>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = foldName(raw[index] ?? '')
    seen.set(name, [...(seen.get(name) ?? []), raw[index + 1] ?? ''])
  }
  return seen
}

describe('identity headers', () => {
  for (const method of ['GET', 'OPTIONS', 'POST']) {
    it(`strips every alias of them from ${method} (1, 2, 3, 5, 7, 8)`, async () => {
      const upstream = await startUpstream()
      const { port } = await startGateway(upstream.origin, { forward: { ...IDENTITY, clientAddress: '192.0.2.7' } })
      const lines = SPOOFED.flatMap(aliases).map((alias) => `${alias}: spoofed`)
      for (let index = 0; index < lines.length; index += 50) {
        const bytes = get('/', ...lines.slice(index, index + 50)).replace('GET', method)
        expect(await exchange(port, bytes)).toMatch(/ 200 /)
      }
      expect(upstream.requests).toHaveLength(Math.ceil(lines.length / 50))
      for (const { rawHeaders } of upstream.requests) expect(rawHeaders).not.toContain('spoofed')
      const seen = folded(upstream.requests.at(-1)?.rawHeaders ?? [])
      expect(seen.get('x-gatewright-assertion')).toEqual(['signed'])
      expect(seen.get('x-team')).toEqual(['red'])
      expect(seen.get('x-forwarded-for')).toEqual(['192.0.2.7'])
      expect(seen.get('x-forwarded-proto')).toEqual(['http'])
      expect(seen.get('x-forwarded-host')).toEqual([new URL(PUBLIC_ORIGIN).host])
      expect(seen.has('x-claim-absent')).toBe(false)
    })
  }

  it('keeps ours whatever Connection names, and drops what it names (4)', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin, { forward: IDENTITY })
    const attempts = [
      'x-gatewright-assertion',
      'X-GATEWRIGHT-ASSERTION, x-team',
      'close, X-Forwarded-For,x-forwarded-proto',
    ]
    for (const attempt of attempts) {
      const bytes = get('/', 'X-Own: 1').replace('Connection: close', `Connection: close, x-own, ${attempt}`)
      expect(await exchange(port, bytes)).toMatch(/ 200 /)
    }
    expect(upstream.requests).toHaveLength(attempts.length)
    for (const { rawHeaders } of upstream.requests) {
      const seen = folded(rawHeaders)
      expect(seen.get('x-gatewright-assertion')).toEqual(['signed'])
      expect(seen.get('x-team')).toEqual(['red'])
      expect(seen.has('x-forwarded-for') && seen.has('x-forwarded-proto')).toBe(true)
      expect(seen.has('x-own')).toBe(false)
    }
  })

  it('strips them from trailers', async () => {
    const upstream = await startUpstream((req, res) => req.resume().on('end', () => res.end('read')))
    const { port } = await startGateway(upstream.origin, { forward: IDENTITY })
    const trailers = 'X-Forwarded-User: spoofed\r\nx_gatewright_assertion: spoofed\r\nCookie: a=b\r\nX-Checksum: 1\r\n'
    const head = get('/', 'Transfer-Encoding: chunked').replace('GET', 'POST')
    expect(await exchange(port, `${head}1\r\nx\r\n0\r\n${trailers}\r\n`)).toMatch(/ 200 /)
    expect(upstream.requests[0]?.rawTrailers).toEqual(['X-Checksum', '1'])
  })

  it('lets no name fold into one of ours, whatever is sent', async () => {
    const name = stringMatching(/^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,30}$/)
    const spoof = constantFrom(...SPOOFED).chain((text) =>
      array(constantFrom('-', '_', '.', '!', '~', '^', '|', "'"), { minLength: 9, maxLength: 9 }).map((signs) => {
        let used = 0
        return text.replace(/-/g, () => signs[used++ % signs.length] ?? '-')
      }),
    )
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin, { forward: IDENTITY })
    console.log(`seed ${SEED}`)
    await assert(
      asyncProperty(array(oneof(name, spoof), { maxLength: 8 }), async (names) => {
        const before = upstream.requests.length
        await exchange(port, get('/', ...names.map((each) => `${each}: spoofed`)))
        const req = upstream.requests[before]
        if (req === undefined) return
        const seen = folded(req.rawHeaders)
        expect(seen.get('x-gatewright-assertion')).toEqual(['signed'])
        for (const spoofed of SPOOFED) expect(seen.get(foldName(spoofed)) ?? []).not.toContain('spoofed')
      }),
      { seed: SEED, numRuns: 60 },
    )
  })

  it('removes an Authorization that the gateway has used, and no other', async () => {
    const upstream = await startUpstream()
    const consumed = await startGateway(upstream.origin, { forward: { consumedHeaders: ['authorization'] } })
    await exchange(consumed.port, get('/', 'Authorization: Bearer secret'))
    const other = await startGateway(upstream.origin)
    await exchange(other.port, get('/', 'Authorization: Bearer app'))
    expect(upstream.requests.map((req) => req.headers.authorization)).toEqual([undefined, 'Bearer app'])
  })

  it('refuses to send an identity that is no header value, and sends nothing', async () => {
    const upstream = await startUpstream()
    const { port, failures } = await startGateway(upstream.origin, {
      forward: { identityHeaders: [['X-Name', 'alice\r\nX-Admin: true']] },
    })
    expect(await exchange(port, get('/'))).toMatch(/ 502 /)
    expect(failures.map(({ code }) => code)).toEqual(['request_invalid'])
    expect(upstream.requests).toHaveLength(0)
  })
})

describe('cookies', () => {
  const OURS = '__Host-gatewright'

  it('keeps ours from the upstream and the others byte for byte (16, 25, 47)', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    const cases: [string, string | undefined][] = [
      [`${OURS}=secret`, undefined],
      [`a=1; ${OURS}=secret; b=2`, 'a=1; b=2'],
      [`a=1;${OURS}-state=secret;b=2`, 'a=1;b=2'],
      [` \t${OURS} = secret ;  b = "x;y" `, 'b = "x;y"'],
      [`=${OURS}=secret; ;;a;=;b`, ';;a;=;b'],
      [`${OURS}; a`, 'a'],
      ['a="1"; b={"x":1}; =x; é', 'a="1"; b={"x":1}; =x; é'],
      [';;;=;', ';;;=;'],
      [`${OURS}=secret; `.repeat(99) + 'a=1', 'a=1'],
    ]
    for (const [cookie] of cases) await exchange(port, get('/', `Cookie: ${cookie}`))
    expect(upstream.requests.map((req) => req.headers.cookie)).toEqual(cases.map(([, kept]) => kept))
    for (const { rawHeaders } of upstream.requests) expect(rawHeaders.join()).not.toContain('secret')
  })

  it('looks into every Cookie line', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    await exchange(port, get('/', `Cookie: ${OURS}=secret`, 'COOKIE: a=1', `cookie: b=2; ${OURS}=secret`))
    expect(folded(upstream.requests[0]?.rawHeaders ?? []).get('cookie')).toEqual(['a=1', 'b=2'])
  })

  it('lets no upstream set one of ours (47)', async () => {
    const forbidden = [
      `${OURS}=evil; Path=/; Secure`,
      ` \t ${OURS}=evil`,
      `${OURS} =evil`,
      `=${OURS}=evil`,
      ` = ${OURS}=evil`,
      OURS,
      `${OURS}-csrf=evil`,
      `${OURS};a=b`,
    ]
    const upstream = await startUpstream((_req, res) => {
      res
        .writeHead(
          200,
          [...forbidden, 'app=1; HttpOnly', 'Own=2'].flatMap((cookie) => ['Set-Cookie', cookie]),
        )
        .end()
    })
    const forward: Stage['forward'] = { responseHeaders: [['Set-Cookie', `${OURS}=renewed`]] }
    const { port } = await startGateway(upstream.origin, { forward })
    const answer = await exchange(port, get('/'))
    expect(answer).not.toContain('evil')
    expect(answer.match(/^Set-Cookie: .*$/gm)).toEqual([
      'Set-Cookie: app=1; HttpOnly',
      'Set-Cookie: Own=2',
      `Set-Cookie: ${OURS}=renewed`,
    ])
  })
})
