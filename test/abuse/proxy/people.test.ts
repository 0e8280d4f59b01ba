import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createBrowser } from '../../support/browser.ts'
import { requireNoTokens } from '../../support/issued-tokens.ts'
import { comeBackFromProvider, signIn } from '../../support/visitor.ts'
import { type Stage, startStage } from '../../support/stage.ts'
import { exchange, request } from '../../support/wire/index.ts'

/** Somebody else each time: one account may not sign in so often. */
const somebody = (email: unknown): Record<string, unknown> => {
  return { sub: randomUUID(), name: 'Alice Archer', email, email_verified: true, groups: ['staff'] }
}

let stage: Stage
beforeAll(async () => {
  stage = await startStage({
    provider: { person: somebody('alice@corp.example') },
    config(config) {
      const { hello, admin } = config.routes
      const { acme } = config.identityProviders
      if (!hello || !admin || !acme) throw new Error('the routes have other names')
      acme.allowedDomains = ['corp.example']
      hello.access = { allow: 'user.email.endsWith("@corp.example")' }
      admin.access = { allow: 'user.email.contains("corp")' }
    },
  })
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

describe('17: an address', () => {
  it.each([
    'a@evil.example@corp.example',
    '"a@evil.example"@corp.example',
    'a@evil.example,b@corp.example',
    'a@evil.example b@corp.example',
    'a@evil.example\n@corp.example',
    'a@evil.example\0@corp.example',
    'a@evil.example;@corp.example',
    '<a@evil.example>@corp.example',
    '@corp.example',
    'a@corp.example@evil.example',
    'a@corp.example.evil.example',
    'a@evilcorp.example',
    'a@corp.example.',
    'a@.corp.example',
    'a@corp.example\u0000.evil.example',
    'a@evil.example#@corp.example',
    'a@ｅvil.example＠corp.example',
    ['a@corp.example', 'a@evil.example'],
    `${'a'.repeat(300)}@corp.example`,
  ])('that only looks like one of an allowed domain is none: %j', async (email) => {
    stage.gateway.provider.behaviour.person = somebody(email)
    for (const url of [`${stage.gateway.hello}/`, `${stage.gateway.admin}/`]) {
      expect((await signIn(stage.gateway, url)).page.status).toBe(403)
    }
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})

describe('42: a token of the provider', () => {
  /** Everything that people, apps and operators can read while all kinds of answers are given. */
  async function everything(): Promise<string> {
    const { gateway, upstream } = stage
    gateway.provider.behaviour.person = somebody('anna@corp.example')
    const { browser, page, signInPage } = await signIn(gateway)
    const callback = await comeBackFromProvider(createBrowser(), `${gateway.hello}/`)
    const pages = [
      page,
      signInPage,
      await browser.open(`${gateway.login}/`),
      await browser.open(`${gateway.login}/sign-out`),
      await createBrowser().open(callback),
      await browser.open(`${gateway.login}/callback/acme?error=access_denied&state=x`),
    ]
    gateway.provider.behaviour.claims = (claims) => ({ ...claims, nonce: 'of another' })
    pages.push((await signIn(gateway)).page)
    gateway.provider.behaviour.claims = (claims) => claims
    const answered = upstream.handle
    upstream.handle = ({ socket }) => void socket.destroy()
    pages.push(await browser.open(`${gateway.hello}/gone`))
    upstream.handle = answered
    gateway.provider.behaviour.person = somebody('alice@evil.example')
    pages.push((await signIn(gateway)).page)
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 400, 400, 502, 502, 403])
    const admin = new URL(gateway.readyUrl).origin
    const operators = await Promise.all(['/readyz', '/metrics'].map(async (path) => (await fetch(admin + path)).text()))
    const shown = pages.map(({ text, headers }) => text + JSON.stringify([...headers]))
    return [...shown, ...operators, gateway.log(), ...upstream.received].join('\n')
  }

  it('is on no page, in no header, log line or metric, and not in what the app is told', async () => {
    const text = await everything()
    requireNoTokens(text, 'what the gateway says')
    expect(text).not.toMatch(/(?:access|refresh)-token-value|client-secret-value/)
    // Parts of the assertion are base64url; the claims behind it must not hold one either.
    const payloads = [...text.matchAll(/eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g)].map(([, payload = '']) =>
      Buffer.from(payload, 'base64url').toString(),
    )
    expect(payloads.length).toBeGreaterThan(0)
    for (const payload of payloads) {
      requireNoTokens(payload, 'the assertion')
      expect(payload).not.toMatch(/nonce|at_hash|access_token|id_token/)
    }
  })

  it('is not echoed when a stranger sends something like it', async () => {
    const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5In0.sent-by-a-stranger'
    for (const target of [`/?id_token=${token}`, '/']) {
      const fields = [`Host: ${stage.host('hello')}`, `Authorization: Bearer ${token}`, `Cookie: id_token=${token}`]
      const answer = await exchange(stage.port, request('GET', target, ...fields, 'Connection: close'))
      expect(answer).toMatch(/^HTTP\/1\.1 401 /)
      expect(answer).not.toContain('sent-by-a-stranger')
    }
    expect(stage.gateway.log()).not.toContain('sent-by-a-stranger')
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})
