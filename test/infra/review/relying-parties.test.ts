import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { describe, expect, it } from 'vitest'

import { readPlan, renderPlan, renderReview } from '../../../infra/review/index.ts'
import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Parties = Record<string, Record<string, unknown>>

const grafana = { kind: 'app', app: 'grafana', url: 'https://grafana.acme.example', identityProvider: 'staff' }
const notes = {
  kind: 'app',
  app: 'other',
  url: 'https://notes.acme.example',
  identityProvider: 'staff',
  redirectUris: ['https://notes.acme.example/back'],
  pkce: true,
}

function stack(relyingParties: Parties, allowedGroups?: string[]): Stack {
  const before = smallStack()
  if (allowedGroups) Object.assign(before.identityProviders['staff']!, { allowedGroups })
  return { ...before, relyingParties }
}

function changes(before: Parties, after: Parties, allowedGroups?: string[]) {
  return compareChanged(stack(before, allowedGroups), (copy) => Object.assign(copy, { relyingParties: after }))
}

const findings = (before: Parties, after: Parties, groups?: string[]): string[] => lines(changes(before, after, groups))

describe('who may sign in to a relying party', () => {
  it.each<[string, Parties, Parties, string[]]>([
    [
      'is told of one that comes',
      {},
      { grafana },
      ['+ grafana party_added: whoever can sign in at staff, to https://grafana.acme.example'],
    ],
    [
      'is told of one that goes',
      { grafana },
      {},
      ['- grafana party_removed: whoever can sign in at staff, to https://grafana.acme.example'],
    ],
    [
      'is named by its own groups',
      {},
      { grafana: { ...grafana, allowedGroups: ['Ops'] } },
      ['+ grafana party_added: members of Ops at staff, to https://grafana.acme.example'],
    ],
    [
      'is fewer with groups',
      { grafana },
      { grafana: { ...grafana, allowedGroups: ['Ops'] } },
      ['- grafana party_groups: who is in none of Ops'],
    ],
    [
      'is more with another group, and fewer without one',
      { grafana: { ...grafana, allowedGroups: ['Ops'] } },
      { grafana: { ...grafana, allowedGroups: ['Dev'] } },
      ['+ grafana party_groups: members of Dev', '- grafana party_groups: who is in no other group than Ops'],
    ],
    [
      'is anybody where no group is asked for any more',
      { grafana: { ...grafana, allowedGroups: ['Ops'] } },
      { grafana },
      ['+ grafana party_groups: whoever staff lets in: no group is asked for any more'],
    ],
    [
      'is somebody else with another address',
      { grafana },
      { grafana: { ...grafana, url: 'https://charts.acme.example' } },
      [
        '+ grafana party_replaced: whoever can sign in at staff, to https://charts.acme.example',
        '- grafana party_replaced: whoever can sign in at staff, to https://grafana.acme.example',
      ],
    ],
    [
      'counts whoever answers at a callback',
      { notes },
      { notes: { ...notes, redirectUris: ['https://notes.acme.example/other'] } },
      [
        '+ notes party_callback: whoever answers at https://notes.acme.example/other, which people are sent to',
        '- notes party_callback: whoever answers at https://notes.acme.example/back, which people are not sent to any more',
      ],
    ],
    [
      'counts whoever steals a code',
      { notes },
      { notes: { ...notes, pkce: false } },
      ['+ notes party_challenge: whoever gets hold of somebody’s code: no code challenge is asked for any more'],
    ],
    [
      'is not known of another client at the vendor',
      { grafana },
      { grafana: { ...grafana, import: 'by-hand' } },
      ['+ grafana party_client: whoever the vendor lets in to another client'],
    ],
    [
      'counts whoever may read Secrets where it is handed its client',
      { grafana },
      { grafana: { ...grafana, secret: { namespace: 'a', name: 'b' } } },
      ['+ grafana party_secret: whoever may read Secrets in a'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(findings(before, after)).toEqual(expected)
  })

  it('changes with the groups of its provider where it names none itself', () => {
    const own = { ...grafana, allowedGroups: ['Ops'] }
    const change = (copy: Stack) => Object.assign(copy.identityProviders['staff']!, { allowedGroups: ['Ops', 'Dev'] })
    expect(lines(compareChanged(stack({ grafana }, ['Ops']), change))).toContain(
      '+ grafana party_groups: members of Dev',
    )
    expect(lines(compareChanged(stack({ grafana: own }, ['Ops']), change)).join()).not.toContain('grafana')
  })

  it('changes with the directory that its provider is', () => {
    const found = lines(
      compareChanged(stack({ grafana }), (copy) =>
        Object.assign(copy.identityProviders['staff']!, { url: 'https://id.else.example' }),
      ),
    )
    expect(found).toContain('+ grafana party_replaced: whoever can sign in at staff, to https://grafana.acme.example')
  })

  it('is nobody new where Pomerium is to read the directory, but whoever runs it reads people', () => {
    const staff = {
      kind: 'auth0',
      domain: 'acme.eu.auth0.com',
      credentials: { clientId: 'c', clientSecret: { secure: 'v1:x' } },
    }
    const corp = { kind: 'pomerium', url: 'https://auth.acme.example', identityProvider: 'staff', directory: false }
    const before = { ...stack({ corp }), identityProviders: { staff: { ...staff, directory: true } } }
    const found = compareChanged(before, (copy) =>
      Object.assign(copy, { relyingParties: { corp: { ...corp, directory: true } } }),
    )
    expect(lines(found)).toEqual(['+ corp party_directory: whoever runs it, to read the users and groups of staff'])
  })
})

describe('a plan', () => {
  it('tells what a relying party is handed apart from what runs the gateway, and shows no secret', () => {
    const parent = 'urn:pulumi:production::p::gatewright:index:Gateway$gatewright:relyingParty:App::grafana'
    const metadata = {
      op: 'create',
      type: 'kubernetes:core/v1:Secret',
      urn: 'urn:pulumi:production::p::gatewright:relyingParty:App$kubernetes:core/v1:Secret::grafana',
      new: { id: '', parent, inputs: { metadata: { namespace: 'monitoring', name: 'grafana-oidc' } }, outputs: {} },
    }
    const events = [{ resourcePreEvent: { metadata, planning: true } }] as unknown as EngineEvent[]
    const plan = readPlan(events)
    expect(plan.planned).toMatchObject([{ name: 'grafana', relyingParty: 'grafana', runsGateway: false }])
    expect(renderPlan(plan, 'production').text).toContain('- relying party `grafana`')
  })
})

describe('a review', () => {
  it('shows relying parties in words, and their callbacks', () => {
    const text = renderReview(changes({ notes }, { grafana, notes: { ...notes, pkce: false } }), 'production')
    expect(text).toContain('relying party `grafana`')
    expect(text).toContain('## Relying parties')
    expect(text).toContain(
      '- `grafana` is added: `grafana` (`https://grafana.acme.example`), with a client of its own at `staff`',
    )
    expect(text).toContain('`https://grafana.acme.example/login/generic_oauth`')
    expect(text).toContain('- `notes`: `pkce` from `true` to `false`')
  })

  it('repeats no secret of a client that somebody brought', () => {
    const mine = { ...grafana, identityProvider: 'guests', client: { id: 'mine', secret: 'plain-text-secret' } }
    const text = renderReview(changes({}, { grafana: mine }), 'production')
    expect(text).not.toContain('plain-text-secret')
    const wrong = { ...mine, client: 'plain-text-secret' }
    expect(renderReview(changes({}, { grafana: wrong }), 'production')).not.toContain('plain-text-secret')
  })
})
