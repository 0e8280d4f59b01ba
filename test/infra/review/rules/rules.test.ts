import { readdirSync, readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { judgeRules, readProofs, REVIEW_RULES, type ReviewedStack } from '../../../../infra/review/index.ts'
import { type Stack, stackFile } from '../stack.ts'
import { brokenLines, goodStack, judgeChanged, reviewed } from './stack.ts'

const staff = (settings: object) => (stack: Stack) => Object.assign(stack.identityProviders['staff']!, settings)
const wiki = (settings: object) => (stack: Stack) => Object.assign(stack.routes['wiki']!, settings)
const docs = (settings: object) => (stack: Stack) => Object.assign(stack.routes['docs']!, settings)
const stack = (settings: object) => (whole: Stack) => Object.assign(whole, settings)
const database = (url: unknown) => stack({ target: { kind: 'process', database: { url } } })

it('a good stack breaks no rule', () => {
  expect(judgeRules(reviewed(goodStack()))).toMatchObject({ broken: [], unneeded: [] })
})

it.each<[string, (stack: Stack) => void, string[]]>([
  [
    'hosts of a route by a pattern',
    wiki({ from: 'https://*.acme.example' }),
    ['wildcard_redirect_uri gatewright:routes.wiki.from https://*.acme.example is a pattern'],
  ],
  [
    'a relying party in the clear, and its secret in the open',
    stack({
      relyingParties: {
        tunnel: {
          kind: 'pangolin',
          url: 'http://pangolin.localhost:3002',
          api: 'https://api.acme.example/v1',
          credentials: { apiKey: 'hunter2' },
          identityProvider: 'staff',
          organizations: { acme: { role: 'Member' } },
        },
      },
    }),
    [
      'insecure_address gatewright:relyingParties.tunnel.url http://pangolin.localhost:3002 is not https',
      'plain_secret gatewright:relyingParties.tunnel.credentials.apiKey a secret in plain text',
      'unprotected_removal gatewright:relyingParties.tunnel.removal its removal deletes what its people sign in by',
    ],
  ],
  [
    'a provider in the clear',
    staff({ url: 'http://sso.localhost:1411' }),
    ['insecure_address gatewright:identityProviders.staff.url http://sso.localhost:1411 is not https'],
  ],
  [
    'a route in the clear',
    wiki({ from: 'http://wiki.localhost' }),
    ['insecure_address gatewright:routes.wiki.from http://wiki.localhost is not https'],
  ],
  [
    'a reason of one word',
    docs({ public: 'yes' }),
    ['public_route_unexplained gatewright:routes.docs.public yes is no reason'],
  ],
  [
    'a reason that repeats the name',
    docs({ public: 'the docs page is public' }),
    ['public_route_unexplained gatewright:routes.docs.public the docs page is public is no reason'],
  ],
  [
    'a reason that repeats the path',
    wiki({ publicPaths: [{ prefix: '/assets/fonts', reason: 'assets, fonts' }] }),
    ['public_route_unexplained gatewright:routes.wiki.publicPaths[0].reason assets, fonts is no reason'],
  ],
  [
    'a rule that asks nothing',
    wiki({ allow: '1 == 1' }),
    ['unconditional_rule gatewright:routes.wiki.allow 1 == 1 lets people pass of whom nothing is known'],
  ],
  [
    'a rule that only keeps somebody out',
    wiki({ allow: '!("guests" in user.groups)' }),
    [
      'unconditional_rule gatewright:routes.wiki.allow !("guests" in user.groups) lets people pass of whom nothing is known',
    ],
  ],
  [
    'administration for everybody',
    stack({ admins: '"admins" in user.groups || true' }),
    ['unconditional_rule gatewright:admins "admins" in user.groups || true lets people pass of whom nothing is known'],
  ],
  [
    'a session of a year',
    stack({ session: { absoluteMinutes: 366 * 1440, refreshGraceMinutes: 1441 } }),
    [
      'long_session gatewright:session.absoluteMinutes a session lives for 366 days',
      'long_session gatewright:session.refreshGraceMinutes who was dismissed meanwhile stays in for 2 days while a provider does not answer',
    ],
  ],
  [
    'a secret in the open',
    staff({ credentials: { apiKey: 'hunter2' } }),
    ['plain_secret gatewright:identityProviders.staff.credentials.apiKey a secret in plain text'],
  ],
  [
    'a secret whose name is a date',
    staff({ clientSecrets: ['2026-11-01', '2026-05'] }),
    [
      'secret_overdue gatewright:identityProviders.staff.clientSecrets[1] 2026-05 is 203 days old, and is to be at most 180',
    ],
  ],
  [
    'a client that a mistake would delete',
    staff({ removal: 'allowed' }),
    ['unprotected_removal gatewright:identityProviders.staff.removal its removal deletes the client'],
  ],
  [
    'one machine',
    (whole) => delete whole['allowances'],
    ['single_replica gatewright:target.kind everything runs on one machine'],
  ],
  [
    'listeners on the network',
    stack({ target: { kind: 'process', listen: '0.0.0.0:8400', admin: '[::]:8401' } }),
    [
      'exposed_listener gatewright:target.listen what listens on 0.0.0.0 is open in the clear',
      'exposed_listener gatewright:target.admin what listens on :: is open for everybody who reaches this machine',
    ],
  ],
  [
    'half of the Internet as a proxy',
    stack({ trustedProxies: ['10.0.0.0/8', '128.0.0.0/1', 'fd00::/8', '2000::/3'] }),
    [
      'unbounded_proxies gatewright:trustedProxies[1] 128.0.0.0/1 has strangers in it',
      'unbounded_proxies gatewright:trustedProxies[3] 2000::/3 has strangers in it',
    ],
  ],
  [
    'a database in the clear, with its password',
    database('postgres://gw:hunter2@db.internal/gw'),
    [
      'plain_secret gatewright:target.database.url a secret in plain text',
      'database_without_tls gatewright:target.database.url its address does not ask for TLS',
    ],
  ],
])('%s breaks a rule, and is named by its place', (_, change, lines) => {
  const report = judgeChanged(change)
  expect(brokenLines(report)).toEqual(lines)
  expect(JSON.stringify(report)).not.toContain('hunter2')
})

it.each<[string, (stack: Stack) => void]>([
  ['a listener of the network with certificates', listenWithTls],
  ['a long session that every brand cuts short', stack({ session: { absoluteMinutes: 90_000 }, brands: shortBrand() })],
  ['a reason without blanks between its words', docs({ public: '公開されている製品の説明書' })],
  ['a rule about the provider', wiki({ allow: 'user.provider == "staff"' })],
  ['a proxy by its address', stack({ trustedProxies: ['192.0.2.7', '2001:db8::/32'] })],
  [
    'a client that was made by hand, and stays',
    (whole) =>
      (whole.identityProviders['staff'] = {
        kind: 'oidc',
        issuer: 'https://sso.acme.example',
        client: { id: 'gw', secret: { env: 'NOT_HERE' } },
      }),
  ],
  ['plain http to an app', wiki({ to: 'http://wiki.internal:3000' })],
])('%s breaks none', (_, change) => {
  expect(brokenLines(judgeChanged(change))).toEqual([])
})

function listenWithTls(whole: Stack): void {
  const certificates = [{ certificate: 'tls/cert.pem', key: 'tls/key.pem' }]
  whole['target'] = { kind: 'process', listen: '0.0.0.0:443', tls: { certificates } }
}

function shortBrand(): object {
  return { default: { session: { absoluteMinutes: 1440 } } }
}

it('a stack of this machine alone is spared what others would suffer from', () => {
  const local = (whole: Stack): void => {
    whole['url'] = 'http://login.gw.localhost:8400'
    whole.routes = { wiki: { ...whole.routes['wiki'], from: 'http://wiki.gw.localhost:8400' } }
    staff({ removal: 'allowed', url: 'http://sso.localhost:1411' })(whole)
    delete whole['allowances']
  }
  expect(brokenLines(judgeChanged(local))).toEqual([])
})

it('a stack of relying parties alone is judged by where they are', () => {
  const alone = (url: string) => (whole: Stack) => {
    for (const name of ['url', 'routes', 'allowances']) delete whole[name]
    staff({ removal: 'allowed' })(whole)
    whole['relyingParties'] = { grafana: { kind: 'app', app: 'grafana', url, identityProvider: 'staff' } }
    whole['target'] = { kind: 'none' }
  }
  const line = 'unprotected_removal gatewright:identityProviders.staff.removal its removal deletes the client'
  expect(brokenLines(judgeChanged(alone('https://grafana.acme.example')))).toEqual([line])
  expect(brokenLines(judgeChanged(alone('http://grafana.localhost:3000')))).toEqual([])
})

it.each(['disable', 'no-verify', 'require&uselibpqcompat=true'])(
  'a database with sslmode=%s is not protected',
  (mode) => {
    const { broken } = judgeChanged(database(`postgres://gw:x@db.internal/gw?sslmode=${mode}`))
    expect(broken.map(({ code }) => code)).toEqual(['plain_secret', 'database_without_tls'])
  },
)

it.each([
  'postgres://gw:x@db.internal/gw?sslmode=verify-full',
  'postgres://gw:x@127.0.0.1/gw',
  'postgres://gw:x@db.internal/gw?host=/run/postgresql',
])('a database at %s is', (url) => {
  expect(judgeChanged(database(url)).broken.map(({ code }) => code)).toEqual(['plain_secret'])
})

/** As `pulumi stack export` has it. */
const STATE = {
  deployment: {
    resources: [
      {
        urn: 'urn:pulumi:production::gatewright::pulumi:pulumi:Stack::gatewright-production',
        type: 'pulumi:pulumi:Stack',
      },
      ...[
        ['staff-gateway-first-proof', '2026-01-02T03:04:05Z'],
        ['staff-grafana-first-proof', '2026-02-02T03:04:05Z'],
        ['staff-gone-first-proof', '2025-01-02T03:04:05Z'],
      ].map(([name, provenAt]) => ({
        urn: `urn:pulumi:production::gatewright::gatewright-native:oidc:CredentialProof::${name}`,
        type: 'gatewright-native:oidc:CredentialProof',
        outputs: { provenAt },
      })),
    ],
  },
}

it('what a deployment knows is asked as well: ages, and addresses in the environment', () => {
  const deployment: ReviewedStack['deployment'] = {
    proofs: readProofs(JSON.stringify(STATE)),
    environment: { DATABASE: 'postgres://gw:hunter2@db.internal/gw' },
  }
  const change = (whole: Stack): void => {
    database({ env: 'DATABASE' })(whole)
    whole['relyingParties'] = {
      grafana: { kind: 'app', app: 'grafana', url: 'https://grafana.acme.example', identityProvider: 'staff' },
    }
  }
  const report = judgeChanged(change, deployment)
  expect(brokenLines(report)).toEqual([
    'secret_overdue gatewright:identityProviders.staff.clientSecrets[0] first is 321 days old, and is to be at most 180',
    'secret_overdue gatewright:identityProviders.staff.clientSecrets[0] first of grafana is 290 days old, and is to be at most 180',
    'database_without_tls gatewright:target.database.url its address does not ask for TLS',
  ])
  expect(JSON.stringify(report)).not.toContain('hunter2')
  expect(brokenLines(judgeChanged(change))).toEqual([])
})

it('docs/review.md has every rule, by code and in its own words', () => {
  const page = readFileSync('docs/review.md', 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` *\| (.*?) *\|/gm)].map(([, code, title]) => [code, title])
  expect(rows).toEqual(Object.entries(REVIEW_RULES).map(([code, { title }]) => [code, title]))
})

const examples = readdirSync('stacks').filter((name) => name !== 'Pulumi.local.yaml')

it.each(examples)('the worked example %s breaks no rule, and allows nothing that it need not', (name) => {
  const report = judgeRules(reviewed(stackFile(`stacks/${name}`)))
  expect(brokenLines(report)).toEqual([])
  expect(report.unneeded).toEqual([])
})
