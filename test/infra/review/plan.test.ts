import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { describe, expect, it } from 'vitest'

import { UNKNOWN } from '../../../infra/provider/properties.ts'
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

  it('reads the configuration of a gateway in a cluster as such, and no name that only says there are other credentials', () => {
    const type = 'kubernetes:core/v1:ConfigMap'
    const inputs = (name: string, wiki: object, registrations: string) => ({
      metadata: { name, namespace: 'gatewright' },
      data: {
        'config.json': JSON.stringify({ routes: { wiki } }),
        'registrations.json': registrations,
        generation: name,
      },
    })
    const before = inputs('gatewright-config-0123456789ab', { allow: 'a' }, '{"sso":[]}')
    const [change] = readPlan(
      events({ pre: [step('replace', type, before, inputs(UNKNOWN, { allow: 'b' }, UNKNOWN))] }),
    ).planned
    expect(change?.differences).toEqual([
      { path: 'config.routes.wiki.allow', kind: 'changed', before: 'a', after: 'b' },
      { path: 'config.registrations', kind: 'changed', before: '{"sso":[]}', after: '(known after the deployment)' },
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
  const TARGET = `${GATEWAY.replace('::gateway', '')}$gatewright:target:Kubernetes`
  /** An object of the gateway's in a cluster. */
  const object = (op: string, type: string, old: object, next: object) => ({
    ...step(op, `kubernetes:${type}`, old, next),
    urn: `${TARGET}$kubernetes:${type}::gateway-object`,
  })
  const configMap = (op: string, revision: string, config: object, late: object | string = {}) => {
    const registrations = typeof late === 'string' ? late : JSON.stringify(late)
    const data = { 'config.json': JSON.stringify(config), 'registrations.json': registrations, generation: revision }
    return { metadata: { name: op === 'unknown' ? UNKNOWN : `gatewright-config-${revision}` }, data }
  }
  const [ONE, TWO] = ['0123456789ab', 'ba9876543210']
  const pod = (revision: string, names: string[]) => {
    const volumes = [
      {
        name: 'release',
        projected: {
          sources: [
            { configMap: { name: `gatewright-config-${revision}`, items: [{ key: 'config.json' }] } },
            { secret: { name: `gatewright-secrets-${revision}`, items: names.map((key) => ({ key })) } },
          ],
        },
      },
    ]
    return { spec: { template: { spec: { volumes } } } }
  }
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
    [
      'a route leads elsewhere, of a gateway in a cluster',
      object(
        'update',
        'core/v1:ConfigMap',
        configMap('', ONE, route({})),
        configMap('', ONE, route({ to: 'http://vault' })),
      ),
    ],
    [
      'a route leads elsewhere, where credentials change as well',
      object(
        'replace',
        'core/v1:ConfigMap',
        configMap('', ONE, route({})),
        configMap('unknown', TWO, route({ to: 'http://vault' }), UNKNOWN),
      ),
    ],
    [
      'others may reach a gateway in a cluster',
      object('update', 'networking.k8s.io/v1:NetworkPolicy', { spec: { ingress: [] } }, { spec: { ingress: [{}] } }),
    ],
    [
      'somebody else’s Secret is made',
      {
        ...object('create', 'core/v1:Secret', {}, { data: SECRET }),
        urn: `${GATEWAY}$kubernetes:core/v1:Secret::grafana`,
      },
    ],
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
    [
      'credentials change of a gateway in a cluster',
      object(
        'replace',
        'core/v1:ConfigMap',
        configMap('', ONE, route({}), { a: [] }),
        configMap('unknown', TWO, route({}), UNKNOWN),
      ),
    ],
    [
      'a Secret takes over in a cluster',
      object(
        'replace',
        'core/v1:Secret',
        { metadata: { name: `gatewright-secrets-${ONE}` }, data: SECRET },
        { metadata: { name: `gatewright-secrets-${TWO}` }, data: SECRET },
      ),
    ],
    ['pods get other credentials', object('update', 'apps/v1:Deployment', pod(ONE, ['a']), pod(TWO, ['a', 'b']))],
    [
      'there may be more pods',
      object(
        'update',
        'autoscaling/v2:HorizontalPodAutoscaler',
        { spec: { maxReplicas: 4 } },
        { spec: { maxReplicas: 8 } },
      ),
    ],
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
