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
    ['denied', 'rule', 'admin', ['bob@partner.example', 'https://grafana.acme.example/admin', '--provider', 'staff']],
    ['denied', 'session', 'admin', ['alice@acme.example', 'https://grafana.acme.example/admin', '--signed-in', '31']],
    ['denied', 'session', 'admin', ['alice@acme.example', 'https://grafana.acme.example/admin', '--acr', 'pwd']],
    ['allowed', 'public', 'docs', ['bob@partner.example', 'https://v2.docs.acme.example/']],
    ['allowed', 'own', undefined, ['bob@partner.example', 'https://login.acme.example/sign-out']],
    ['allowed', 'own', undefined, ['bob@partner.example', 'https://grafana.acme.example/.gatewright/sign-out']],
    ['denied', 'nothing', undefined, ['bob@partner.example', 'https://a.b.docs.acme.example/']],
    ['denied', 'nothing', undefined, ['bob@partner.example', 'https://grafana.acme.example/a%2fb']],
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

  it('about a program without any session', () => {
    const answer = ask(
      'ci',
      GRAFANA,
      '--program',
      '--group',
      'staff',
      '--ip',
      '10.0.0.7',
      '--provider',
      'service-account:ci',
    )
    expect(answer).toMatchObject({ outcome: 'allowed', needs: [], input: { user: { kind: 'program', email: '' } } })
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
      '',
    ].join('\n'),
  )
})

describe('a question is refused', () => {
  it.each([
    ['Name a stack', ['alice@acme.example']],
    ['no URL', ['alice@acme.example', 'grafana']],
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
