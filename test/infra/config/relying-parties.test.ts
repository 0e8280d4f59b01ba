import { describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'

type Fields = Record<string, unknown>

const okta = { kind: 'okta', domain: 'acme.okta.com', credentials: { apiToken: 'token' }, allowedGroups: ['Everyone'] }
const google = { kind: 'google', client: { id: 'g-1', secret: 's' } }
const byHand = { kind: 'oidc', issuer: 'https://sso.acme.example', client: { id: 'hand', secret: 's' } }
const keycloak = {
  kind: 'keycloak',
  url: 'https://kc.acme.example',
  realm: 'acme',
  credentials: { clientId: 'admin', clientSecret: 's' },
}

const corp = { kind: 'pomerium', url: 'https://authenticate.corp.example', identityProvider: 'staff' }
const grafana = { kind: 'app', app: 'grafana', url: 'https://grafana.corp.example', identityProvider: 'staff' }
const other = { kind: 'app', app: 'other', url: 'https://notes.corp.example', identityProvider: 'staff' }

/** A stack of relying parties alone. */
function alone(relyingParties: Fields, identityProviders: Fields = { staff: okta }, more: Fields = {}): Fields {
  return { identityProviders, relyingParties, target: { kind: 'none' }, ...more }
}

function beside(relyingParties: Fields, identityProviders: Fields = { staff: okta }, more: Fields = {}): Fields {
  const routes = { wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: 'true' } }
  return { url: 'https://login.acme.example', routes, identityProviders, relyingParties, ...more }
}

function problems(input: Fields): string[] {
  try {
    parseStack(input)
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

/** @returns what is wrong with one relying party, without the place that all have in common */
const mistakes = (party: Fields, provider: Fields = okta): string[] =>
  problems(alone({ one: party }, { staff: provider })).map((line) => line.replace('gatewright:relyingParties.one', '…'))

describe('relying parties', () => {
  it('need a url and a provider, and nothing else', () => {
    expect(problems(alone({ corp, grafana }))).toEqual([])
    expect(problems(beside({ corp, grafana }))).toEqual([])
  })

  it.each(['gateway', 'directory', 'gateway-two'])('are not called %s', (name) => {
    expect(problems(alone({ [name]: corp })).join()).toContain(`relyingParties.${name} `)
  })

  it('name a provider that is there', () => {
    expect(problems(beside({ corp: { ...corp, identityProvider: 'staf' } }))).toEqual([
      'gatewright:relyingParties.corp.identityProvider there is no identity provider staf; did you mean staff?',
    ])
  })

  it('have addresses that no other has, and no login host', () => {
    const twins = { a: grafana, b: { ...corp, url: grafana.url }, c: { ...grafana, url: 'https://login.acme.example' } }
    expect(problems(beside(twins))).toEqual([
      'gatewright:relyingParties.b.url https://grafana.corp.example is that of a already',
      'gatewright:relyingParties.c.url https://login.acme.example is that of the login host of default already',
    ])
  })

  it.each([
    ['with a slash at its end', 'https://grafana.corp.example/'],
    ['with a query', 'https://grafana.corp.example?x=1'],
    ['with somebody’s password', 'https://me:secret@grafana.corp.example'],
    ['in the open', 'http://grafana.corp.example'],
    ['spelled otherwise than browsers do', 'https://Grafana.corp.example'],
  ])('have no address %s', (_, url) => {
    expect(mistakes({ ...grafana, url })).toEqual([expect.stringMatching(/^….url /)])
  })

  it('may be on this machine, or below a path', () => {
    expect(mistakes({ ...grafana, url: 'http://grafana.gw.localhost:3000' })).toEqual([])
    expect(mistakes({ ...grafana, url: 'https://corp.example/grafana' })).toEqual([])
  })

  it('do not share a Secret, whose name the cluster takes', () => {
    const secret = { namespace: 'monitoring', name: 'grafana.oidc' }
    const twins = { a: { ...grafana, secret }, b: { ...corp, secret } }
    expect(problems(alone(twins))).toEqual([
      'gatewright:relyingParties.b.secret monitoring/grafana.oidc is the Secret of a already',
    ])
    for (const wrong of [{ namespace: 'Monitoring' }, { name: 'a_b' }, { name: '-a' }, { namespace: 'a.b' }]) {
      expect(mistakes({ ...grafana, secret: { ...secret, ...wrong } })).toHaveLength(1)
    }
  })

  it('do not have ids from which two clients would have one name', () => {
    const providers = { a: okta, 'a-b': { ...okta, domain: 'b.okta.com' } }
    const clash = { c: { ...grafana, identityProvider: 'a-b' }, 'b-c': { ...corp, identityProvider: 'a' } }
    expect(problems(alone(clash, providers)).join()).toContain('relyingParties.b-c its client at a would have the name')
    const secrets = { ...okta, clientSecrets: ['dev', 'first'] }
    const near = { grafana, 'grafana-dev': { ...grafana, url: 'https://dev.corp.example' } }
    expect(problems(alone(near, { staff: secrets })).join()).toContain('relyingParties.grafana-dev')
    expect(problems(alone(near))).toEqual([])
  })
})

describe('what a relying party asks of its provider', () => {
  it('may be groups only where the vendor can say them of one client', () => {
    expect(mistakes({ ...grafana, allowedGroups: ['Ops'] })).toEqual([])
    expect(mistakes({ ...grafana, allowedGroups: [] })).toEqual([expect.stringContaining('….allowedGroups')])
    expect(mistakes({ ...grafana, allowedGroups: ['Ops'] }, keycloak)).toEqual([
      '….allowedGroups staff (keycloak) cannot say of one client who may sign in: leave it out, and say so in the app',
    ])
  })

  it('may be a client that exists, by an id of the vendor’s form, and not that of another', () => {
    expect(mistakes({ ...grafana, import: '0oa1' })).toEqual([])
    expect(mistakes({ ...grafana, import: 'x' }, { ...google, client: { id: 'own', secret: 's' } })).toEqual([
      '….import a client at staff (google) cannot be taken over',
    ])
    const pocket = { kind: 'pocket-id', url: 'https://id.acme.example', credentials: { apiKey: 'k' } }
    expect(mistakes({ ...grafana, import: 'a b' }, pocket)).toEqual([
      '….import is no id of a client at staff (pocket-id)',
    ])
    const twins = { grafana: { ...grafana, import: '0oa1' } }
    expect(problems(beside(twins, { staff: { ...okta, import: '0oa1' } }))).toEqual([
      'gatewright:relyingParties.grafana.import 0oa1 is the client of the gateway already',
    ])
  })

  it.each(['private_key_jwt', 'none'])(
    'is a secret, also where clients have %s, if the stack file says so',
    (authMethod) => {
      const provider = {
        kind: 'oidc',
        issuer: 'https://x.example',
        credentials: { initialAccessToken: 't' },
        authMethod,
      }
      expect(mistakes(grafana, provider)).toEqual([expect.stringMatching(/^….authMethod is missing: clients at staff/)])
      expect(mistakes({ ...grafana, authMethod: 'client_secret_basic' }, provider)).toEqual([])
    },
  )

  it('is a client of its own where clients are made by hand: whoever has a secret can act as the gateway', () => {
    const own = { id: 'own', secret: 's' }
    for (const provider of [google, byHand]) {
      const [missing] = problems(beside({ grafana }, { staff: provider }))
      expect(missing).toMatch(
        /^gatewright:relyingParties.grafana.client is missing: the client of staff is that of the gateway/,
      )
      expect(problems(beside({ grafana: { ...grafana, client: own } }, { staff: provider }))).toEqual([])
      expect(problems(alone({ grafana }, { staff: provider }))).toEqual([])
    }
    const twins = { grafana: { ...grafana, client: own }, corp: { ...corp, client: own } }
    expect(problems(beside(twins, { staff: google }))).toEqual([
      expect.stringMatching(/^gatewright:relyingParties.corp.client own is the client of grafana already/),
    ])
    expect(mistakes({ ...grafana, client: own })).toEqual([
      '….client clients at staff are registered by the stack: leave it out',
    ])
  })

  it('is no key, where the only client there is has one', () => {
    const provider = { ...byHand, authMethod: 'none', client: { id: 'hand' } }
    expect(mistakes({ ...grafana, authMethod: 'client_secret_basic' }, provider)).toEqual([
      '….client has no secret, and this one needs one',
    ])
  })
})

describe('Pomerium', () => {
  const entra = {
    kind: 'entra',
    tenantId: 'd0f5c9a2-3a57-4a0b-9d32-0f4a4e1ad111',
    credentials: { clientId: 'c', clientSecret: 's' },
  }
  const tokenDirectory = { ...okta, directory: { apiToken: 't' } }

  it('is told its authenticate service, which has no path', () => {
    expect(mistakes({ ...corp, url: 'https://corp.example/pomerium' })).toEqual([expect.stringContaining('….url ')])
  })

  it.each<[string, Fields, string[]]>([
    ['a token of Okta', tokenDirectory, []],
    ['a service app of Okta, which it cannot use', { ...okta, directory: true }, ['API token of Okta']],
    ['nothing where the provider is not asked for one', okta, ['set identityProviders.staff.directory']],
    ['Entra in the worldwide cloud', { ...entra, directory: true }, []],
    [
      'no other cloud',
      { ...entra, directory: true, authority: 'https://login.microsoftonline.us' },
      ['at login.microsoftonline.com alone'],
    ],
    ['no directory of Keycloak', { ...keycloak, directory: true }, ['reads no directory of kind keycloak']],
  ])('is handed over %s', (_, provider, said) => {
    const found = mistakes({ ...corp, directory: true }, provider)
    expect(found).toEqual(said.map((words): unknown => expect.stringContaining(words)))
  })
})

describe('an app', () => {
  it('that is known says no addresses, and one that is not says all', () => {
    expect(mistakes({ ...grafana, redirectUris: ['https://grafana.corp.example/x'], pkce: false })).toEqual([
      '….redirectUris is known of grafana: leave it out, or use app: other',
      '….pkce is known of grafana: leave it out, or use app: other',
    ])
    expect(mistakes(other)).toEqual(['….redirectUris is missing: of another app nobody knows where people are sent'])
    expect(mistakes({ ...grafana, app: 'grafna' })).toEqual([expect.stringContaining('did you mean grafana?')])
  })

  it.each([
    ['elsewhere', 'https://evil.example/back'],
    ['to a wildcard', 'https://notes.corp.example/*'],
    ['in the open', 'http://notes.corp.example/back'],
    ['to another scheme', 'javascript:alert(1)'],
  ])('sends nobody %s', (_, redirectUri) => {
    expect(mistakes({ ...other, redirectUris: [redirectUri] })).toEqual([expect.stringContaining('….redirectUris[0]')])
    const uris = { redirectUris: ['https://notes.corp.example/a'], postLogoutRedirectUris: [redirectUri] }
    expect(mistakes({ ...other, ...uris })).toEqual([expect.stringContaining('….postLogoutRedirectUris[0]')])
  })

  it('may send people to itself, and to a program of their own machine', () => {
    const redirectUris = ['https://notes.corp.example/back', 'http://127.0.0.1:8250/back']
    expect(mistakes({ ...other, redirectUris })).toEqual([])
  })
})

describe('a stack without a gateway', () => {
  it('has nothing that only a gateway has a use for', () => {
    const routes = { wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: 'true' } }
    const found = problems(alone({ corp }, { staff: okta }, { url: 'https://login.acme.example', routes }))
    expect(found.map((line) => line.split(' ')[0])).toEqual(['gatewright:url', 'gatewright:routes'])
  })

  it('has relying parties, and providers that one of them uses', () => {
    expect(problems(alone({}))).toContain(
      'gatewright:target.kind none is for a stack of relyingParties alone, and there are none',
    )
    expect(problems(alone({ corp }, { staff: okta, more: { ...okta, domain: 'b.okta.com' } }))).toEqual([
      'gatewright:identityProviders.more no relying party uses it: take it out',
    ])
  })

  it('is one on purpose: without a word of it, url and routes are missed', () => {
    const found = problems({ identityProviders: { staff: okta }, relyingParties: { corp } })
    expect(found).toContain('gatewright:url is missing')
    expect(found).toContain('gatewright:routes is missing')
  })
})

describe('a provider', () => {
  it('that no brand offers is right where a relying party uses it', () => {
    const brands = { default: { identityProviders: ['staff'] } }
    const providers = { staff: okta, customers: { ...okta, domain: 'b.okta.com' } }
    const own = { corp: { ...corp, identityProvider: 'customers' } }
    expect(problems(beside(own, providers, { brands }))).toEqual([])
    expect(problems(beside({ corp }, providers, { brands }))).toEqual([
      expect.stringMatching(/^gatewright:identityProviders.customers no brand offers it/),
    ])
  })
})
