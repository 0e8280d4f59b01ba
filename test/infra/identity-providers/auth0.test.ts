import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import type * as auth0 from '@pulumi/auth0'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseStack } from '../../../infra/config/index.ts'
import {
  actionInputs,
  actionName,
  clientInputs,
  directoryClientInputs,
  directoryGrantInputs,
} from '../../../infra/identity-providers/auth0/inputs.ts'
import { GROUPS_CLAIM, postLoginCode } from '../../../infra/identity-providers/auth0/post-login.ts'
import type { Auth0Sdk } from '../../../infra/identity-providers/auth0/sdk.ts'
import { askTenant, onlyClient, type Tenant } from '../../../infra/identity-providers/auth0/tenant.ts'
import type { Properties } from '../../../infra/provider/properties.ts'
import type { ProviderFunction } from '../../../infra/provider/resource-type.ts'
import {
  type Auth0Vendor,
  createTenant,
  runPostLogin,
  startAuth0,
  tooManyRequests,
} from '../../support/idp/auth0/index.ts'
import { createCertificate, PEOPLE, type TestCertificate } from '../../support/idp/index.ts'
import { getAction, getClients, getRole } from '../../support/plugins/auth0/functions.ts'
import { text } from '../../support/plugins/auth0/inputs.ts'
import { createManagement, type Management } from '../../support/plugins/auth0/management.ts'
import { toWire } from '../../support/plugins/auth0/wire.ts'

const OURS = 'Made by Gatewright [ours]'

const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.com (production)',
  redirectUris: ['https://login.acme.com/callback/auth0'],
  postLogoutRedirectUris: ['https://login.acme.com/signed-out'],
  homeUrl: 'https://login.acme.com',
  pkce: true,
}

const plain = { backChannelLogout: false }

describe('the inputs of an application', () => {
  it('are what a web application with rotating refresh tokens needs, and no secret', () => {
    expect(clientInputs(plain, request)).toEqual({
      name: 'login.acme.com (production)',
      description: expect.stringMatching(/^.{1,140}$/),
      appType: 'regular_web',
      isFirstParty: true,
      oidcConformant: true,
      callbacks: ['https://login.acme.com/callback/auth0'],
      allowedLogoutUrls: ['https://login.acme.com/signed-out'],
      grantTypes: ['authorization_code', 'refresh_token'],
      jwtConfiguration: { alg: 'RS256', lifetimeInSeconds: 36_000 },
      refreshToken: {
        rotationType: 'rotating',
        expirationType: 'expiring',
        leeway: 30,
        infiniteTokenLifetime: false,
        tokenLifetime: 2_592_000,
        infiniteIdleTokenLifetime: false,
        idleTokenLifetime: 1_296_000,
      },
      initiateLoginUri: 'https://login.acme.com',
    })
  })

  it('leave out an address to start at that is not https, which Auth0 does not take', () => {
    expect(clientInputs(plain, { ...request, homeUrl: 'http://login.gw.localhost:8400' })).not.toHaveProperty(
      'initiateLoginUri',
    )
  })

  it('shows the brand’s logo where everybody can get it', () => {
    const logoAt = (url: string) => {
      const logo = { image: { type: 'image/png' as const, data: 'AA==' }, url }
      return clientInputs(plain, { ...request, logo }).logoUri
    }
    expect(logoAt('https://login.acme.com/logo/brand')).toBe('https://login.acme.com/logo/brand')
    expect(logoAt('http://login.gw.localhost:8400/logo/brand')).toBeUndefined()
  })

  it('ask for back-channel logout only where the plan has it and the relying party serves it, and then for every reason', () => {
    const enterprise = { backChannelLogout: true }
    expect(clientInputs(enterprise, request)).not.toHaveProperty('oidcLogout')
    const backChannelLogoutUri = 'https://login.acme.com/backchannel-logout/auth0'
    expect(clientInputs(plain, { ...request, backChannelLogoutUri })).not.toHaveProperty('oidcLogout')
    expect(clientInputs(enterprise, { ...request, backChannelLogoutUri }).oidcLogout).toEqual({
      backchannelLogoutUrls: [backChannelLogoutUri],
      backchannelLogoutInitiators: { mode: 'all' },
    })
  })
})

describe('the inputs of a directory', () => {
  it('are an application for itself alone, without any address', () => {
    const inputs = directoryClientInputs('login.acme.com (production) directory (first)')
    expect(inputs).toMatchObject({ appType: 'non_interactive', grantTypes: ['client_credentials'] })
    for (const name of ['callbacks', 'allowedLogoutUrls', 'refreshToken']) expect(inputs).not.toHaveProperty(name)
  })

  it('grant reading, at the Management API of this tenant', () => {
    expect(directoryGrantInputs('acme.eu.auth0.com', 'abc')).toEqual({
      clientId: 'abc',
      audience: 'https://acme.eu.auth0.com/api/v2/',
      scopes: ['read:users', 'read:roles', 'read:role_members'],
    })
  })
})

describe('an Action', () => {
  it('is deployed for the third version of post-login', () => {
    expect(actionInputs('a', 'code')).toEqual({
      name: 'a',
      code: 'code',
      runtime: 'node22',
      supportedTriggers: { id: 'post-login', version: 'v3' },
      deploy: true,
    })
  })

  it('has a name of letters, digits and spaces, which no other application gets', () => {
    expect(actionName('login.acme.com (production)', OURS)).toMatch(/^login acme com production [0-9a-f]{16}$/)
    expect(actionName('login.acme.com (a-b)', OURS)).not.toBe(actionName('login.acme.com (a.b)', OURS))
    expect(actionName('login.acme.com (a-b)', OURS)).not.toBe(actionName('login.acme.com (a-b)', 'of another stack'))
  })

  it('lets those in who have one of the roles, and hands their roles over', () => {
    const alice = signIn(postLoginCode(ours(['admins', 'staff'])), 'ours', 'person-alice')
    expect(alice).toEqual({ claims: { [GROUPS_CLAIM]: ['staff', 'admins'] } })
  })

  it('denies those who have none, and tells nobody their roles', () => {
    const bob = signIn(postLoginCode(ours(['staff'])), 'ours', 'person-bob')
    expect(bob).toEqual({ denied: 'This application is not assigned to you.', claims: {} })
  })

  it('denies nobody where no role is asked for', () => {
    const bob = signIn(postLoginCode(ours([])), 'ours', 'person-bob')
    expect(bob).toEqual({ claims: { [GROUPS_CLAIM]: ['contractors'] } })
  })

  it('tells nobody the roles unless it is asked to', () => {
    const code = postLoginCode({ clientId: 'ours', allowedRoles: ['staff'] })
    expect(signIn(code, 'ours', 'person-alice')).toEqual({ claims: {} })
    expect(signIn(code, 'ours', 'person-bob')).toHaveProperty('denied')
  })

  it('does nothing at another application of the tenant', () => {
    expect(signIn(postLoginCode(ours(['staff'])), 'theirs', 'person-bob')).toEqual({ claims: {} })
  })

  it('uses a claim that Auth0 passes on, which it does not do with the name "groups"', () => {
    const code = postLoginCode(ours([])).replaceAll(GROUPS_CLAIM, 'groups')
    expect(signIn(code, 'ours', 'person-alice')).toEqual({ claims: {} })
  })

  it('is the same text in whatever order the roles are written', () => {
    expect(postLoginCode(ours(['b', 'a']))).toBe(postLoginCode(ours(['a', 'b'])))
  })

  it('takes every name of a role as a text, whatever is in it', () => {
    const hostile = [']; api.idToken.setCustomClaim("admin", true); [', '\'"`\\', '${host}', '*/', '\u2028']
    const outcome = signIn(postLoginCode(ours(hostile)), 'ours', 'person-bob')
    expect(outcome).toEqual({ denied: 'This application is not assigned to you.', claims: {} })
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary-ascii' })), (roles) => {
        const lines = postLoginCode(ours(roles)).split('\n')
        expect(lines).toHaveLength(postLoginCode(ours([])).split('\n').length)
        const [, literal = ''] = /^const ALLOWED_ROLES = (.*)$/s.exec(lines[2] ?? '') ?? []
        // What is JSON is a literal of JavaScript (ECMA-262 2019, "Subsume JSON").
        expect(JSON.parse(literal)).toEqual(roles.toSorted())
      }),
    )
  })
})

describe('a tenant', () => {
  let certificate: TestCertificate
  let vendor: Auth0Vendor
  let tenant: Tenant
  let administration: Management
  let domain: string
  const trusted = getCACertificates('default')

  beforeAll(async () => {
    certificate = createCertificate()
    setDefaultCACertificates([...trusted, certificate.cert])
    vendor = await startAuth0(certificate)
    const { admin, origin } = vendor.tenant
    domain = new URL(origin).host
    administration = managementAs(admin.client_id, admin.client_secret)
    const ask = (asked: ProviderFunction) => (args: object) => asked(args as Properties, AbortSignal.timeout(5_000))
    const sdk = {
      getAction: ask(getAction(administration)),
      getClients: ask(getClients(administration)),
      getRole: ask(getRole(administration)),
    } as unknown as Auth0Sdk
    tenant = askTenant(sdk, {} as auth0.Provider, 'acme')
  })
  afterAll(async () => {
    await vendor.close()
    setDefaultCACertificates(trusted)
    certificate.remove()
  })

  it('is asked for a client by its whole name, through all its pages', async () => {
    addClient('one', 'login.acme.com (staging)')
    addClient('two', 'login.acme.com (production) directory (first)')
    addClient('three', 'login.acme.com (production)')
    expect(await tenant.findClient('login.acme.com (production)', OURS)).toBe('three')
    expect(await tenant.findClient('login.acme.com', OURS)).toBeUndefined()
  })

  it('is not asked for a client of another stack, nor before there is a mark', async () => {
    addClient('six', 'login.acme.com (local)')
    expect(await tenant.findClient('login.acme.com (local)', 'of another stack')).toBeUndefined()
    expect(await tenant.findClient('login.acme.com (local)', undefined)).toBeUndefined()
    expect(await tenant.findAction(undefined)).toBeUndefined()
  })

  it('with two clients of one name is not guessed about', async () => {
    addClient('four', 'twice')
    addClient('five', 'twice')
    await expect(tenant.findClient('twice', OURS)).rejects.toMatchObject({
      code: 'stack_config_invalid',
      problems: [
        {
          path: 'gatewright:identityProviders.acme',
          message: expect.stringMatching(/^several applications at Auth0 are called "twice" \(four, five\): delete/),
        },
      ],
    })
  })

  it('has no Action of that name', async () => {
    expect(await tenant.findAction('login acme com')).toBeUndefined()
  })

  it('has the roles that people are let in for', async () => {
    expect(
      await tenant.requireRoles({
        names: ['staff', 'contractors'],
        path: 'gatewright:identityProviders.acme.allowedGroups',
      }),
    ).toEqual(['staff', 'contractors'])
  })

  it('is not asked to let people in for a role that it does not have', async () => {
    const path = 'gatewright:identityProviders.acme.allowedGroups'
    await expect(
      tenant.requireRoles({
        names: ['Staff', 'staff', 'nobody'],
        path: 'gatewright:identityProviders.acme.allowedGroups',
      }),
    ).rejects.toMatchObject({
      code: 'stack_config_invalid',
      problems: [
        // The tenant is asked for each name, so the near one is only known where it is wanted too.
        { path: `${path}[0]`, message: 'the provider has no group "Staff"; did you mean "staff"?' },
        { path: `${path}[2]`, message: 'the provider has no group "nobody"' },
      ],
    })
  })

  it('that cannot be asked is not one without the role', async () => {
    vendor.faults.before = ({ url }) => (url.pathname === '/api/v2/roles' ? { status: 403, body: {} } : undefined)
    await expect(
      tenant.requireRoles({ names: ['staff'], path: 'gatewright:identityProviders.acme.allowedGroups' }),
    ).rejects.toMatchObject({ code: 'vendor_refused' })
    vendor.faults.before = undefined
  })

  it('that was asked too often is asked again', async () => {
    let refusals = 1
    vendor.faults.before = () => (refusals-- > 0 ? tooManyRequests() : undefined)
    expect(
      await tenant.requireRoles({ names: ['staff'], path: 'gatewright:identityProviders.acme.allowedGroups' }),
    ).toEqual(['staff'])
    vendor.faults.before = undefined
  })

  it('lets its directory read people and who has which role, and nothing else', async () => {
    const signal = AbortSignal.timeout(5_000)
    const client = { ...toWire(directoryClientInputs('directory') as Properties), client_secret: 'chosen-by-us' }
    const made = await administration.ask('POST', 'clients', signal, client)
    const { audience, scopes } = directoryGrantInputs(domain, '')
    await administration.ask('POST', 'client-grants', signal, { client_id: made['client_id'], audience, scope: scopes })

    const directory = managementAs(text(made, 'client_id'), 'chosen-by-us')
    const people = await directory.list('users', 'users', {}, signal)
    expect(people.map(({ email }) => email)).toEqual(PEOPLE.map(({ email }) => email))
    const [staff = {}] = await directory.list('roles', 'roles', { name_filter: 'staff' }, signal)
    const first = await directory.ask('GET', `roles/${text(staff, 'id')}/users`, signal)
    expect(first).toMatchObject({ users: [{ user_id: 'person-alice' }], next: '1' })
    await expect(directory.ask('GET', 'clients', signal)).rejects.toMatchObject({ code: 'vendor_refused' })
  })

  function managementAs(clientId: string, clientSecret: string): Management {
    return createManagement(
      () => ({ domain, clientId, clientSecret }),
      async () => {},
    )
  }

  function addClient(clientId: string, name: string): void {
    vendor.tenant.clients.set(clientId, { ...vendor.tenant.admin, client_id: clientId, name, description: OURS })
  }
})

describe('onlyClient', () => {
  it('takes no part of a name for the name', () => {
    const clients = [
      { clientId: 'a', name: 'acme', description: OURS },
      { clientId: 'b', name: 'acme 2', description: OURS },
      { clientId: 'c', description: OURS },
      { clientId: 'd', name: 'acme', description: 'made by hand' },
    ]
    expect(onlyClient(clients, { name: 'acme', description: OURS }, 'auth0')).toBe('a')
    expect(onlyClient(clients, { name: 'acm', description: OURS }, 'auth0')).toBeUndefined()
    expect(onlyClient(clients.slice(1), { name: 'acme', description: OURS }, 'auth0')).toBeUndefined()
  })
})

describe('the settings', () => {
  it('make nothing for the whole tenant unless they are asked to', () => {
    const { identityProviders } = parseStack(stackWith({}))
    expect(identityProviders['acme']).toMatchObject({ allowedGroups: [], groupsClaim: false, directory: false })
  })

  it('want the tenant’s domain, not an address', () => {
    expect(() => parseStack(stackWith({ domain: 'https://acme.eu.auth0.com/' }))).toThrow(
      /identityProviders\.acme\.domain "https:\/\/acme\.eu\.auth0\.com\/": write the host alone/,
    )
  })

  it('want both parts of the credential', () => {
    expect(() => parseStack(stackWith({ credentials: { clientId: 'abc' } }))).toThrow(
      /identityProviders\.acme\.credentials\.clientSecret/,
    )
  })
})

function ours(allowedRoles: readonly string[]) {
  return { clientId: 'ours', allowedRoles, groupsClaim: GROUPS_CLAIM }
}

/** What happens at a sign-in in a tenant with just this Action. */
function signIn(code: string, clientId: string, subject: string) {
  const tenant = createTenant([])
  const action = { id: '1', name: 'a', code, runtime: 'node22', supported_triggers: [], status: 'built' } as const
  tenant.actions.set('1', { ...action, supported_triggers: [], deployed: { id: '2', code, number: 1 } })
  tenant.bindings.set('post-login', [{ id: '3', actionId: '1', displayName: 'a' }])
  const person = PEOPLE.find(({ sub }) => sub === subject)
  if (!person) throw new Error(`there is no ${subject}`)
  // Claims come out of another realm.
  return structuredClone(runPostLogin(tenant, clientId, person))
}

function stackWith(settings: object) {
  return {
    url: 'https://login.acme.com',
    identityProviders: {
      acme: {
        kind: 'auth0',
        domain: 'acme.eu.auth0.com',
        credentials: { clientId: 'abc', clientSecret: 'def' },
        ...settings,
      },
    },
    routes: {},
    target: { kind: 'process' },
  }
}
