import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { type Answer, answerQuestion, readQuestion, renderAnswer, type Stack } from '../../../bin/explain/index.ts'
import { readStack } from '../../../infra/review/index.ts'
import { temporaryFolder } from '../folder.ts'

const NOW = Date.parse('2026-03-02T10:30:00Z')

const input = {
  url: 'https://login.acme.example',
  identityProviders: {
    staff: {
      kind: 'oidc',
      issuer: 'https://sso.acme.example',
      client: { id: 'gateway', secret: { secure: 'v1:cipher' } },
      claims: ['department'],
      allowedDomains: ['acme.example'],
    },
    partners: {
      kind: 'oidc',
      issuer: 'https://sso.partner.example',
      client: { id: 'gateway', secret: { env: 'ABSENT' } },
    },
  },
  routes: {
    grafana: {
      from: 'https://grafana.acme.example',
      to: 'http://10.0.0.1:3000',
      allow: '"staff" in user.groups && (request.ip.inNetwork("10.0.0.0/8") || user.claims.department == "it")',
      publicPaths: [{ prefix: '/public', reason: 'pictures for mails' }],
      identityProviders: ['staff'],
    },
    admin: {
      from: 'https://grafana.acme.example',
      prefix: '/admin',
      to: 'http://10.0.0.1:3000',
      allow: { allow: { and: [{ domain: 'acme.example' }] }, deny: { or: [{ email: 'mallory@acme.example' }] } },
      signIn: { maxAgeMinutes: 30, acr: 'phr' },
    },
    docs: { from: 'https://*.docs.acme.example', to: 'http://10.0.0.2:8080', public: 'documentation' },
    builds: {
      from: 'https://builds.acme.example',
      to: 'http://10.0.0.3:8080',
      allow: '"builders" in user.groups && !request.path.startsWith("/secret")',
      bearer: [{ tokenIssuer: 'forge', audience: 'builds' }],
    },
    raw: {
      from: 'https://builds.acme.example',
      prefix: '/raw',
      to: 'http://10.0.0.3:8080',
      allow: 'true',
      allowEncodedSlash: true,
    },
  },
  tokenIssuers: { forge: { issuer: 'https://forge.example' }, other: { issuer: 'https://other.example' } },
  serviceAccounts: {
    ci: { name: 'Builds', groups: ['staff', 'builders'], routes: ['builds', 'grafana'] },
    cron: { groups: ['builders'], routes: ['grafana'] },
  },
}

function stack(): Stack {
  const reading = readStack(input)
  if (reading.state !== 'read') throw new Error(JSON.stringify(reading))
  return reading.stack
}

function ask(...args: string[]): Answer {
  return answerQuestion(stack(), readQuestion(['production', ...args], NOW))
}

const GRAFANA = 'https://grafana.acme.example/d/1?x=1'

describe('without a request, the answer is', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['allowed', 'rule', 'grafana', ['alice@acme.example', GRAFANA, '--group', 'staff', '--ip', '10.0.0.7']],
    [
      'allowed',
      'rule',
      'grafana',
      ['alice@acme.example', GRAFANA, '--group', 'staff', '--claim', 'department=it', '--ip', '192.0.2.1'],
    ],
    ['denied', 'rule', 'grafana', ['alice@acme.example', GRAFANA, '--group', 'staff', '--ip', '192.0.2.1']],
    [
      'denied',
      'session',
      'grafana',
      ['alice@acme.example', GRAFANA, '--group', 'staff', '--ip', '10.0.0.7', '--provider', 'partners'],
    ],
    ['allowed', 'public', 'grafana', ['bob@partner.example', 'https://grafana.acme.example/public/a.png']],
    ['allowed', 'rule', 'admin', ['alice@acme.example', 'https://GRAFANA.acme.example/admin/users']],
    ['denied', 'rule', 'admin', ['Mallory@acme.example', 'https://grafana.acme.example/%61dmin']],
    [
      'denied',
      'session',
      'admin',
      ['bob@partner.example', 'https://grafana.acme.example/admin', '--provider', 'staff'],
    ],
    ['denied', 'session', 'admin', ['alice@acme.example', 'https://grafana.acme.example/admin', '--signed-in', '31']],
    ['denied', 'session', 'admin', ['alice@acme.example', 'https://grafana.acme.example/admin', '--acr', 'pwd']],
    ['allowed', 'public', 'docs', ['bob@partner.example', 'https://v2.docs.acme.example/']],
    ['allowed', 'own', undefined, ['bob@partner.example', 'https://login.acme.example/sign-out']],
    ['allowed', 'own', undefined, ['bob@partner.example', 'https://grafana.acme.example/.gatewright/sign-out']],
    ['denied', 'nothing', undefined, ['bob@partner.example', 'https://a.b.docs.acme.example/']],
    ['denied', 'nothing', undefined, ['bob@partner.example', 'https://other.acme.example/']],
    ['denied', 'nothing', undefined, ['bob@partner.example', 'https://builds.acme.example:8443/']],
    [
      'allowed',
      'rule',
      'raw',
      ['bob@partner.example', 'https://builds.acme.example/raw/a%2fb//c', '--provider', 'partners'],
    ],
    ['allowed', 'public', 'docs', ['bob@partner.example', 'https://v2.docs.acme.example?q=/../#/../a']],
  ])('%s by %s at %s: %j', (outcome, why, routeId, args) => {
    expect(ask(...args)).toMatchObject({ outcome, why, ...(routeId === undefined ? {} : { routeId }) })
  })

  it('made from what the gateway would know, and says what that is not', () => {
    const answer = ask('alice@acme.example', GRAFANA, '--group', 'staff', '--claim', 'level=5', '--ip', '192.0.2.1')
    expect(answer).toMatchObject({ outcome: 'denied', input: { user: { claims: {} } } })
    expect('notes' in answer && answer.notes.join()).toContain('does not keep the claim level')
  })

  it('the same for somebody who is described in a file', () => {
    const file = join(temporaryFolder(), 'alice.json')
    writeFileSync(
      file,
      JSON.stringify({ email: 'alice@acme.example', groups: ['staff'], claims: { department: 'it' } }),
    )
    expect(ask(file, GRAFANA, '--ip', '192.0.2.1')).toMatchObject({ outcome: 'allowed', routeId: 'grafana' })
  })
})

describe('the gateway answers 400 to whoever asks for', () => {
  it.each<[string, string]>([
    ['path_dot_segment', 'https://grafana.acme.example/public/../d/1'],
    ['path_dot_segment', 'https://login.acme.example/./sign-out'],
    ['path_encoded_dot', 'https://grafana.acme.example/public/%2e%2e/d'],
    ['path_encoded_slash', 'https://grafana.acme.example/a%2fb'],
    ['path_encoded_slash', 'https://builds.acme.example/a%2Fb'],
    ['path_double_slash', 'https://builds.acme.example/a//b'],
    ['path_double_slash', 'https://grafana.acme.example//admin'],
    ['path_backslash', 'https://grafana.acme.example/public\\..\\admin'],
    ['target_character', 'https://grafana.acme.example/pub lic'],
    ['target_character', 'https://grafana.acme.example/ä'],
    ['path_ambiguous', 'https://grafana.acme.example/admin;x'],
    ['path_ambiguous', 'https://grafana.acme.example/Admin/users'],
    ['path_ambiguous', 'https://grafana.acme.example/%2561dmin'],
    ['path_ambiguous', 'https://grafana.acme.example/public;x/a.png'],
    ['path_ambiguous', 'https://builds.acme.example/;x/raw'],
  ])('%s: %s', (code, address) => {
    const answer = ask('alice@acme.example', address, '--group', 'staff', '--group', 'builders', '--ip', '10.0.0.7')
    expect(answer).toMatchObject({
      outcome: 'denied',
      why: 'refused',
      reason: expect.stringContaining(`(400, ${code})`),
    })
  })
})

describe('a rule about paths lets in', () => {
  const builder = (address: string): Answer =>
    ask('alice@acme.example', address, '--group', 'builders', '--provider', 'staff')

  it('what it lets in by every reading', () => {
    expect(builder('https://builds.acme.example/log;v=1')).toMatchObject({
      outcome: 'allowed',
      input: { request: { path: '/log;v=1' } },
    })
  })

  it('nothing that another reading of the path keeps out, which is said', () => {
    const answer = builder('https://builds.acme.example/;x/secret')
    expect(answer).toMatchObject({ outcome: 'denied', why: 'rule', input: { request: { path: '/secret' } } })
    expect('notes' in answer && answer.notes.join()).toContain('may read the path as /secret')
  })
})

describe('a program', () => {
  const program = (address: string, ...args: string[]): Answer => ask('a', address, '--program', ...args)
  const BUILDS = 'https://builds.acme.example/1'

  it('passes by the rule with what the stack says of its account', () => {
    expect(program(BUILDS, '--provider', 'service-account:ci', '--group', 'admins')).toMatchObject({
      outcome: 'allowed',
      why: 'rule',
      needs: ['a token of service-account:ci or token-issuer:forge for builds (--provider)'],
      notes: [expect.stringContaining('admins does not count')],
      input: {
        user: {
          kind: 'program',
          email: '',
          name: 'Builds',
          groups: ['staff', 'builders'],
          provider: 'service-account:ci',
        },
      },
    })
  })

  it('passes with the groups that its issuer says', () => {
    const args = ['--provider', 'token-issuer:forge']
    expect(program(BUILDS, ...args, '--group', 'builders')).toMatchObject({ outcome: 'allowed', why: 'rule' })
    expect(program(BUILDS, ...args)).toMatchObject({ outcome: 'denied', why: 'rule' })
  })

  it('is taken to be one that the route takes where nobody says which', () => {
    const answer = program(BUILDS)
    expect(answer).toMatchObject({ outcome: 'allowed', input: { user: { provider: 'service-account:ci' } } })
    expect('notes' in answer && answer.notes).toEqual([expect.stringContaining('Nobody said which program')])
  })

  it.each<[string, string, string[]]>([
    ['an account that does not name the route', BUILDS, ['--provider', 'service-account:cron']],
    ['an account that is not there', BUILDS, ['--provider', 'service-account:absent']],
    ['an issuer that the route does not take', BUILDS, ['--provider', 'token-issuer:other']],
    ['an identity provider of people', BUILDS, ['--provider', 'staff']],
    ['no name at a route that takes no programs', 'https://builds.acme.example/raw/1', []],
    ['an issuer at a route without bearer', GRAFANA, ['--provider', 'token-issuer:forge', '--ip', '10.0.0.7']],
  ])('is denied that comes with %s', (_, address, args) => {
    const answer = program(address, ...args, '--group', 'builders', '--group', 'staff')
    expect(answer).toMatchObject({ outcome: 'denied', why: 'token' })
    const question = readQuestion(['production', 'a', address, '--program', ...args], NOW)
    expect(renderAnswer(question, answer)).toContain('DENIED: its token does not count here: there must be a token ')
  })
})

it('reads well', () => {
  const question = readQuestion(
    ['production', 'alice@acme.example', GRAFANA, '--group', 'staff', '--ip', '192.0.2.1'],
    NOW,
  )
  expect(renderAnswer(question, answerQuestion(stack(), question))).toBe(
    [
      'Request  GET https://grafana.acme.example/d/1?x=1',
      '         from 192.0.2.1, at 2026-03-02T10:30:00.000Z',
      'Route    grafana',
      'Who      alice@acme.example; in staff; by staff',
      '',
      'DENIED: the rule reads something that is not there, which denies.',
      '',
      'The rule lets pass people in staff and (from the network 10.0.0.0/8 or whose department is it).',
      '  error  all of:',
      '    yes    in staff',
      '    error  one of:',
      '      no     from the network 10.0.0.0/8',
      '      error  whose department is it (No such key: department)',
      '',
      'Decided by',
      '  - whose department is it (No such key: department)',
      '',
      'Besides, there must be',
      '  - a sign-in by staff',
      '  - a verified address of the provider’s allowedDomains (acme.example)',
      '',
    ].join('\n'),
  )
})

describe('a question is refused', () => {
  it.each([
    ['Name a stack', ['alice@acme.example']],
    ['no URL', ['alice@acme.example', 'grafana']],
    ['no URL', ['alice@acme.example', 'ftp://grafana.acme.example/']],
    ['no URL', ['alice@acme.example', 'https://grafana.acme.example\\@evil.example/']],
    ['no URL', ['alice@acme.example', 'https://grafana acme.example/']],
    ['no URL', ['alice@acme.example', 'https:///admin']],
    ['no plain address', ['alice', GRAFANA]],
    ['no address', ['alice@acme.example', GRAFANA, '--ip', '10.0.0']],
    ['no time', ['alice@acme.example', GRAFANA, '--time', 'noon']],
    ['number of minutes', ['alice@acme.example', GRAFANA, '--signed-in', 'today']],
    ['<name>=<value>', ['alice@acme.example', GRAFANA, '--claim', 'it']],
    ['ENOENT', ['absent.json', GRAFANA]],
    ['Unknown option', ['alice@acme.example', GRAFANA, '--grp', 'x']],
  ])('%s: %j', (message, args) => {
    expect(() => readQuestion(['production', ...args], NOW)).toThrow(message)
  })
})
