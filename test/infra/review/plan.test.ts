import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { describe, expect, it } from 'vitest'

import { differences } from '../../../infra/review/plan/differences.ts'
import { readPlan } from '../../../infra/review/plan/plan.ts'
import { renderPlan } from '../../../infra/review/plan/render.ts'
import { accessChanges, describeDrift, describePlanned } from '../../../infra/review/plan/words.ts'
import { markdown } from '../../../infra/review/markdown.ts'

const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: '[secret]' }
const STAFF = 'urn:pulumi:production::gatewright::gatewright:index:Gateway$gatewright:identityProvider:Okta::staff'
const CALLBACK = 'https://login.acme.example/callback/staff'
const EVIL = 'https://evil.example/cb'

function step(op: string, type: string, old?: object, next?: object, detailedDiff: object = {}) {
  const state = (inputs: object) => ({ id: 'x', parent: STAFF, inputs, outputs: {} })
  return {
    op,
    type,
    urn: `${STAFF}$${type}::staff-gateway`,
    ...(old && { old: state(old) }),
    ...(next && { new: state(next) }),
    diffs: Object.keys(detailedDiff),
    detailedDiff,
  }
}

function events(parts: { pre?: object[]; out?: object[] }): EngineEvent[] {
  const pre = (parts.pre ?? []).map((metadata) => ({ resourcePreEvent: { metadata, planning: true } }))
  const out = (parts.out ?? []).map((metadata) => ({ resOutputsEvent: { metadata, planning: true } }))
  return [...out, ...pre] as unknown as EngineEvent[]
}

const APP = 'okta:app/oAuth:OAuth'

describe('the differences between two sets of properties', () => {
  it('take lists as sets, whatever their order', () => {
    const before = { redirectUris: ['a', 'b'], grants: ['x', 'y'] }
    const after = { redirectUris: ['b', 'c'], grants: ['y', 'x'] }
    expect(differences(before, after, new Set())).toEqual([
      { path: 'redirectUris', kind: 'added', value: 'c' },
      { path: 'redirectUris', kind: 'removed', value: 'a' },
    ])
  })

  it('go into maps', () => {
    const before = { config: { routes: { hello: { allow: 'a' } } } }
    const after = { config: { routes: { hello: { allow: 'b' }, shop: { allow: 'c' } } } }
    expect(differences(before, after, new Set())).toEqual([
      { path: 'config.routes.hello.allow', kind: 'changed', before: 'a', after: 'b' },
      { path: 'config.routes.shop', kind: 'added', value: '{"allow":"c"}' },
    ])
  })

  it('never show a secret, and name it only when the engine says that it differs', () => {
    const both = { apiToken: SECRET, list: [{ token: SECRET }] }
    expect(differences(both, both, new Set())).toEqual([])
    expect(differences(both, both, new Set(['apiToken']))).toEqual([{ path: 'apiToken', kind: 'secret' }])
    const found = differences({}, both, new Set())
    expect(found).toContainEqual({ path: 'apiToken', kind: 'secret' })
    expect(JSON.stringify(found)).not.toContain('ciphertext')
  })
})

describe('a plan', () => {
  it('says in a sentence what somebody has changed by hand, and that it is put back', () => {
    const added = { 'redirectUris[1]': { diffKind: 'add', inputDiff: true } }
    const plan = readPlan(
      events({
        out: [step('refresh', APP, { redirectUris: [CALLBACK] }, { redirectUris: [CALLBACK, EVIL] }, added)],
        pre: [step('update', APP, { redirectUris: [CALLBACK, EVIL] }, { redirectUris: [CALLBACK] }, added)],
      }),
    )
    expect(plan.drift.map(({ identityProvider }) => identityProvider)).toEqual(['staff'])
    expect(plan.drift.flatMap(describeDrift).map(markdown)).toEqual([
      `somebody added the callback \`${EVIL}\` to \`staff-gateway\`: the next \`up\` takes it out`,
    ])
    expect(plan.planned.flatMap(describePlanned).map(markdown)).toEqual([
      `changes \`staff-gateway\` (\`${APP}\`)`,
      `loses the callback \`${EVIL}\``,
    ])
  })

  it('takes a refresh that found nothing new for no drift', () => {
    const same = step('refresh', APP, { redirectUris: [CALLBACK] }, { redirectUris: [CALLBACK] })
    expect(readPlan(events({ out: [same] })).drift).toEqual([])
  })

  it('knows what was deleted by hand', () => {
    const plan = readPlan(events({ out: [step('refresh', APP, { label: 'x' })] }))
    expect(plan.drift.flatMap(describeDrift).map(markdown)).toEqual([
      '`staff-gateway` was deleted by hand; the next `up` makes it anew',
    ])
  })

  it('leaves out components and the credentials of providers', () => {
    const pre = [step('create', 'gatewright:identityProvider:Okta'), step('create', 'pulumi:providers:okta')]
    expect(readPlan(events({ pre })).planned).toEqual([])
  })
})

describe('access', () => {
  it('is lost by who has to sign in again, and gained where nobody has to', () => {
    const before = { wiki: { a: 'people in a' } }
    const after = { wiki: { a: 'people in a', 'sign-in': 'nobody who has signed in more than 15 minutes ago' } }
    const change = { route: 'wiki', rule: 'sign-in', words: 'who has signed in more than 15 minutes ago' }
    expect(accessChanges(before, after)).toEqual([{ ...change, kind: 'loses' }])
    expect(accessChanges(after, before)).toEqual([{ ...change, kind: 'gains' }])
  })

  it('is gained and lost by rules, per route', () => {
    const before = { shop: { a: 'people in a', b: 'people in b' }, wiki: { c: 'people in c' } }
    const after = { shop: { a: 'people in a', d: 'people in d' } }
    expect(accessChanges(before, after)).toEqual([
      { route: 'shop', kind: 'gains', rule: 'd', words: 'people in d' },
      { route: 'shop', kind: 'loses', rule: 'b', words: 'people in b' },
      { route: 'wiki', kind: 'loses', rule: 'c', words: 'people in c' },
    ])
  })
})

describe('the verdict on a plan', () => {
  const GATEWAY = 'urn:pulumi:production::gatewright::gatewright:index:Gateway::gateway'
  const PROCESS = 'gatewright-native:local:Process'
  const judged = (parts: Parameters<typeof events>[0]) => renderPlan(readPlan(events(parts)), 'production')
  const vendor = (op: string, old?: object, next?: object) => step(op, APP, old, next)
  const gateway = (old: object, next: object) => {
    const change = step('update', PROCESS, { config: old }, { config: next })
    return {
      ...change,
      urn: `${GATEWAY}::gateway`,
      old: { ...change.old, parent: GATEWAY },
      new: { ...change.new, parent: GATEWAY },
    }
  }
  const provider = (settings: object) => ({
    identityProviders: { 'a-b': { name: 'A', allowedDomains: ['a.example'], ...settings } },
  })
  const program = (groups: string[]) => ({ serviceAccounts: { robot: { groups } } })
  const route = (settings: object) => ({
    routes: { wiki: { to: 'http://wiki', identityProviders: ['a', 'b'], ...settings } },
  })

  it.each([
    ['a client is made', vendor('create', undefined, { label: 'x' })],
    ['a client is changed', vendor('update', { groups: ['a'] }, { groups: ['a', 'b'] })],
    ['what restricts a client is deleted', vendor('delete', { groups: ['a'] })],
    ['a client is taken over', vendor('import', undefined, { label: 'x' })],
    ['the gateway believes another provider', gateway({ identityProviders: {} }, provider({}))],
    ['addresses of any domain count', gateway(provider({}), provider({ allowedDomains: [] }))],
    ['an address counts unverified', gateway(provider({ emailTrust: 'a' }), provider({ emailTrust: 'b' }))],
    ['a route takes another provider', gateway(route({}), route({ identityProviders: ['a', 'b', 'c'] }))],
    ['a route leads elsewhere', gateway(route({}), route({ to: 'http://vault' }))],
    ['the login host moves', gateway({ brands: { default: { url: 'a' } } }, { brands: { default: { url: 'b' } } })],
    ['a program has other groups', gateway(program(['a']), program(['a', 'b']))],
    ['programs have another issuer', gateway({ tokenIssuers: {} }, { tokenIssuers: { ci: { issuer: 'https://x' } } })],
    ['a session lasts longer', gateway({ session: { idleSeconds: 1 } }, { session: { idleSeconds: 2 } })],
  ])('is that access may widen when %s', (_, change) => {
    const { text, widened } = judged({ pre: [change] })
    expect([widened, text.split('\n')[2]]).toEqual([true, expect.stringMatching(/^\*\*Access may widen: no rule/)])
  })

  it.each([
    ['a secret takes over', step('create', 'gatewright-native:okta:ClientSecret', undefined, { value: SECRET })],
    ['a secret is exchanged', { ...vendor('update', { s: SECRET }, { s: SECRET }), detailedDiff: { s: {} } }],
    ['a button is called otherwise', gateway(provider({}), provider({ name: 'B', buttonText: 'B' }))],
    ['a route takes fewer providers', gateway(route({}), route({ identityProviders: ['a'] }))],
    ['a program goes', gateway(program(['a']), { serviceAccounts: {} })],
    ['a key takes over', gateway({ keys: { signing: ['a', 'b'] } }, { keys: { signing: ['b', 'a'] } })],
    ['a sign-in has to be fresh', gateway(route({}), route({ signIn: { maxAgeSeconds: 60 } }))],
    ['a provider goes', gateway(provider({}), { identityProviders: {} })],
    [
      'another credential is registered',
      gateway({ registrations: { a: [{ name: 'x' }] } }, { registrations: { a: [{ name: 'y' }] } }),
    ],
  ])('is that access stays when %s', (_, change) => {
    const { text, widened } = judged({ pre: [change] })
    expect([widened, text.split('\n')[2]]).toEqual([false, '**Access stays as it is.**'])
  })

  it('does not take for wider what puts back a change by hand, and takes for it what does more', () => {
    const out = [step('refresh', APP, { groups: ['a'], label: 'x' }, { groups: [], label: 'y' }, { groups: {} })]
    const back = vendor('update', { groups: [], label: 'y' }, { groups: ['a'], label: 'x' })
    expect(judged({ out, pre: [back] }).widened).toBe(false)
    expect(judged({ out, pre: [back] }).text).toContain(
      '**Somebody has changed things by hand; the deployment puts them back.**',
    )
    expect(
      judged({ out, pre: [vendor('update', { groups: [], label: 'y' }, { groups: ['a', 'b'], label: 'x' })] }).widened,
    ).toBe(true)
    const gone = [step('refresh', APP, { label: 'x' })]
    expect(judged({ out: gone, pre: [vendor('create', undefined, { label: 'x' })] }).widened).toBe(false)
  })

  it('shows what others have written in code spans alone', () => {
    const hostile = 'x` @octocat <img src=x> [a](https://evil.example) | \n# y'
    const plan = readPlan(events({ pre: [vendor('update', { label: 'a' }, { label: hostile })] }))
    const { text } = renderPlan({ ...plan, messages: [hostile], issuers: { staff: hostile } }, 'production')
    const outside = text.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/gs, '')
    expect(outside).not.toMatch(/octocat|img|evil/)
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(3)
  })
})
