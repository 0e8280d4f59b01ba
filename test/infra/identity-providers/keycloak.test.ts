import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import * as pulumi from '@pulumi/pulumi'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'
import { openRealm } from '../../../infra/identity-providers/keycloak/admin.ts'
import {
  clientIdOf,
  clientInputs,
  DESCRIPTION,
  directoryClientInputs,
  groupsMapperInputs,
  issuerOf,
  managementClientId,
  optionalScopes,
  providerInputs,
} from '../../../infra/identity-providers/keycloak/inputs.ts'
import { clearClient, clearMapper, judge } from '../../../infra/identity-providers/keycloak/leftovers.ts'
import type { Properties } from '../../../infra/provider/properties.ts'
import { createCertificate, PEOPLE, type TestCertificate } from '../../support/idp/index.ts'
import { MANAGEMENT, PROVISIONER, startKeycloak } from '../../support/idp/keycloak/index.ts'
import { createAdministration } from '../../support/plugins/keycloak/administration.ts'
import { clientType } from '../../support/plugins/keycloak/client.ts'
import { groupsMapperType } from '../../support/plugins/keycloak/groups-mapper.ts'
import { serviceAccountRoleType } from '../../support/plugins/keycloak/service-account-role.ts'

const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.com (production)',
  redirectUris: ['https://login.acme.com/callback/keycloak'],
  postLogoutRedirectUris: ['https://login.acme.com/signed-out'],
  homeUrl: 'https://login.acme.com',
  pkce: true,
}

describe('the inputs of a client', () => {
  it('are a confidential one of the code flow alone, with PKCE and the exact addresses, and no secret', () => {
    expect(clientInputs('acme', request)).toEqual({
      realmId: 'acme',
      clientId: 'gatewright-login.acme.com-production',
      name: 'login.acme.com (production)',
      description: DESCRIPTION,
      enabled: true,
      accessType: 'CONFIDENTIAL',
      clientAuthenticatorType: 'client-secret',
      standardFlowEnabled: true,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: false,
      pkceCodeChallengeMethod: 'S256',
      useRefreshTokens: true,
      validRedirectUris: ['https://login.acme.com/callback/keycloak'],
      validPostLogoutRedirectUris: ['https://login.acme.com/signed-out'],
      webOrigins: [],
      baseUrl: 'https://login.acme.com',
      consentRequired: false,
      frontchannelLogoutEnabled: false,
      backchannelLogoutUrl: '',
      backchannelLogoutSessionRequired: true,
      fullScopeAllowed: false,
    })
  })

  it('say "none" where no address may be gone to after sign-out, because nothing means all redirect URIs', () => {
    const inputs = clientInputs('acme', { ...request, postLogoutRedirectUris: [] })
    expect(inputs.validPostLogoutRedirectUris).toEqual(['-'])
  })

  it('hold the back-channel address where there is one', () => {
    const backChannelLogoutUri = 'https://login.acme.com/back-channel'
    expect(clientInputs('acme', { ...request, backChannelLogoutUri }).backchannelLogoutUrl).toBe(backChannelLogoutUri)
  })

  it('put group names into the ID token and nowhere else', () => {
    expect(groupsMapperInputs('acme')).toEqual({
      realmId: 'acme',
      name: 'groups',
      claimName: 'groups',
      fullPath: false,
      addToIdToken: true,
      addToAccessToken: false,
      addToUserinfo: false,
      addToTokenIntrospection: false,
    })
  })

  it('make available which scopes are asked for, beyond those that every client has', () => {
    expect(optionalScopes(['openid', 'profile', 'email', 'offline_access', 'phone'])).toEqual([
      'offline_access',
      'phone',
    ])
    expect(optionalScopes(['openid', 'profile', 'email'])).toEqual([])
  })
})

describe('a client id', () => {
  it('is readable, and another one for each secret of a directory', () => {
    expect(clientIdOf('login.acme.com (production) directory (2026-11-22)')).toBe(
      'gatewright-login.acme.com-production-directory-2026-11-22',
    )
  })

  it('is short and plain enough for Keycloak, whatever the stack is called', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (name) => {
        expect(clientIdOf(name)).toMatch(/^gatewright[a-z0-9._-]*$/)
        expect(clientIdOf(name).length).toBeLessThanOrEqual(255)
      }),
      { seed: 4 },
    )
  })

  it('stays apart from another one that begins alike', () => {
    const long = 'login.'.repeat(60)
    expect(clientIdOf(`${long} (a)`)).not.toBe(clientIdOf(`${long} (b)`))
  })
})

describe('the inputs of a directory', () => {
  it('are a service account without any sign-in of people', () => {
    const inputs = directoryClientInputs('acme', 'login.acme.com (production) directory (first)')
    expect(inputs).toMatchObject({
      accessType: 'CONFIDENTIAL',
      standardFlowEnabled: false,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: true,
      fullScopeAllowed: true,
    })
    for (const key of ['validRedirectUris', 'validPostLogoutRedirectUris', 'clientSecret'])
      expect(inputs).not.toHaveProperty(key)
  })

  it('look for the administration’s roles where the realm has them', () => {
    expect(managementClientId('acme')).toBe('realm-management')
    expect(managementClientId('master')).toBe('master-realm')
  })
})

describe('the address of a realm', () => {
  it('is below the base path, as its issuer says it', () => {
    const address = { url: 'https://id.acme.com', basePath: '/auth', realm: 'acme+staff' }
    expect(issuerOf(address)).toBe('https://id.acme.com/auth/realms/acme%2Bstaff')
    expect(issuerOf({ url: 'https://id.acme.com', realm: 'acme' })).toBe('https://id.acme.com/realms/acme')
  })

  it('is told to the plugin with a credential that it sends to nobody before it has to ask', () => {
    const credentials = { clientId: 'provisioner', clientSecret: pulumi.secret('s') }
    const inputs = providerInputs({ url: 'https://id.acme.com', realm: 'acme', credentials })
    expect(inputs).toEqual({
      url: 'https://id.acme.com',
      basePath: '',
      realm: 'acme',
      ...credentials,
      initialLogin: false,
      clientTimeout: 15,
    })
  })
})

describe('the settings', () => {
  it('have defaults that let tokens be refreshed until the session there ends, and make no directory', () => {
    expect(parseStack(stackWith({})).identityProviders['acme']).toMatchObject({
      scopes: ['openid', 'profile', 'email'],
      clientSecrets: ['first'],
      directory: false,
    })
  })

  it.each([
    [{ allowedGroups: ['staff'] }, /acme\.allowedGroups Keycloak cannot say .* rule \(allow\) at the routes/],
    [{ realm: 'acme/../master' }, /acme\.realm .*name of the realm/],
    [{ realm: '' }, /acme\.realm .*name of the realm/],
    [{ basePath: '/auth/' }, /acme\.basePath .*like \/auth/],
    [{ url: 'http://id.acme.com' }, /acme\.url .*use https/],
    [{ url: 'https://id.acme.com/auth' }, /acme\.url .*without a path/],
    [{ credentials: { clientId: 'provisioner' } }, /acme\.credentials\.clientSecret/],
  ])('refuse %j', (settings, message) => {
    expect(() => parseStack(stackWith(settings))).toThrow(message)
  })
})

describe('a client with our id that the state does not know', () => {
  const ours = `${DESCRIPTION} [ours]`
  const mine = { id: '1', description: ours }
  const mapper = { id: '2', name: 'groups' }

  it.each([
    ['free', undefined],
    ['leftover', mine],
    ['leftover', { ...mine, protocolMappers: [{ id: '3', name: 'Client Host' }] }],
    ['foreign', { ...mine, protocolMappers: [mapper] }],
    ['foreign', { ...mine, description: 'made by hand' }],
    ['foreign', { ...mine, description: `${DESCRIPTION} [of another stack]` }],
    ['foreign', { id: '1' }],
  ] as const)('is %s: %j', (verdict, found) => {
    expect(judge(found, ours)).toBe(verdict)
  })
})

describe('at a realm', () => {
  const clientId = clientIdOf(request.clientName)
  const before = getCACertificates('default')
  const call = { urn: 'urn:x', name: 'x', signal: AbortSignal.timeout(60_000) }
  let certificate: TestCertificate
  let keycloak: Awaited<ReturnType<typeof startKeycloak>>

  beforeAll(async () => {
    certificate = createCertificate()
    setDefaultCACertificates([...before, certificate.cert])
    keycloak = await startKeycloak(certificate)
  })
  afterEach(() => {
    for (const { id } of keycloak.realm.made()) keycloak.realm.remove(id)
    keycloak.log.length = 0
  })
  afterAll(async () => {
    await keycloak.close()
    setDefaultCACertificates(before)
    certificate.remove()
  })

  const address = () => ({ url: String(keycloak.settings['url']), realm: 'acme' })
  const administered = (clientSecret = keycloak.realm.provisionerSecret) => ({
    ...address(),
    credentials: { clientId: PROVISIONER, clientSecret: pulumi.secret(clientSecret) },
  })
  const administration = () =>
    createAdministration(() => ({
      ...address(),
      clientId: PROVISIONER,
      clientSecret: keycloak.realm.provisionerSecret,
    }))
  const deletions = () => keycloak.log.filter((line) => line.startsWith('DELETE'))
  const left = { clientId, description: DESCRIPTION, standardFlowEnabled: true }

  it('a leftover makes room for the client', async () => {
    keycloak.realm.put('left-1', left)
    await clearClient('acme', administered(), clientId, DESCRIPTION)
    expect(keycloak.inventory()).toEqual([])
  })

  it('another client keeps its place: the refusal names it, and nothing is deleted', async () => {
    keycloak.realm.put('other-1', { ...left, description: 'by hand' })
    const refusal = clearClient('acme', administered(), clientId, DESCRIPTION)
    await expect(refusal).rejects.toThrow(StackConfigError)
    await expect(refusal).rejects.toThrow(
      /identityProviders\.acme .*gatewright-login\.acme\.com-production.*import: other-1/,
    )
    expect(deletions()).toEqual([])
    expect(keycloak.inventory()).toEqual([`client ${clientId}`])
  })

  it('nothing happens where the id is free', async () => {
    await clearClient('acme', administered(), clientId, DESCRIPTION)
    expect(deletions()).toEqual([])
  })

  it('a mapper of the same name makes room, and others stay', async () => {
    const mapper = { protocol: 'openid-connect', protocolMapper: 'oidc-group-membership-mapper', config: {} }
    const protocolMappers = [
      { ...mapper, id: 'm1', name: 'groups' },
      { ...mapper, id: 'm2', name: 'teams' },
    ]
    keycloak.realm.put('mine', { ...left, protocolMappers })
    await clearMapper(administered(), clientId)
    expect(keycloak.realm.clients.get('mine')?.protocolMappers.map(({ name }) => name)).toEqual(['teams'])
  })

  it('a wrong credential is refused in words that do not repeat it', async () => {
    const refusal = clearClient('acme', administered('wrong-secret-4711'), clientId, DESCRIPTION)
    await expect(refusal).rejects.toThrow(/sign in at .*\/token: it answered 401.*check the credentials/)
    await expect(refusal).rejects.not.toThrow(/wrong-secret-4711/)
    expect(deletions()).toEqual([])
  })

  it('an account without the right role is refused', async () => {
    keycloak.realm.put('weak', { clientId: 'weak', secret: 'weak-secret', serviceAccountsEnabled: true })
    const credentials = { clientId: 'weak', clientSecret: pulumi.secret('weak-secret') }
    const refusal = clearClient('acme', { ...address(), credentials }, clientId, DESCRIPTION)
    await expect(refusal).rejects.toThrow(/answered 403.*check the credentials/)
  })

  it('the plugin’s client goes from create over drift to delete, and order in lists is no change', async () => {
    const type = clientType(administration())
    const redirectUris = ['https://a.example/cb', 'https://b.example/cb']
    const given = clientInputs('acme', { ...request, redirectUris })
    const inputs = { ...(given as unknown as Properties), clientSecret: 'chosen-1' }
    expect(type.check(inputs).failures).toEqual([])
    const { id, outputs } = await type.create(call, inputs)
    expect(outputs).toMatchObject(inputs)
    await expect(type.create(call, inputs)).rejects.toThrow(/409.*already exists/)

    const client = keycloak.realm.clients.get(id)
    if (client) client.redirectUris = redirectUris.toReversed()
    const same = await type.read(call, id, outputs, inputs)
    expect(same).toMatchObject({ inputs })
    if (client) client.redirectUris = ['https://evil.example/cb']
    expect(await type.read(call, id, outputs, inputs)).toMatchObject({
      inputs: { validRedirectUris: ['https://evil.example/cb'] },
    })
    const updated = await type.update(call, id, outputs, { ...inputs, clientSecret: 'chosen-2' })
    expect(keycloak.liveSecrets()).toEqual(['chosen-2'])
    await type.delete(call, updated)
    expect(keycloak.inventory()).toEqual([])
    expect(await type.read(call, id, outputs, inputs)).toBe('gone')
  })

  it('the plugin refuses a second mapper of one name, which is why room is made', async () => {
    const client = keycloak.realm.put('mine', left)
    const type = groupsMapperType(administration())
    const inputs = { ...(groupsMapperInputs('acme') as unknown as Properties), clientId: client.id }
    await type.create(call, inputs)
    await expect(type.create(call, inputs)).rejects.toThrow(/already exists for this client/)
  })

  it('the directory’s client reads people and groups by its one role, and can change nothing', async () => {
    const type = clientType(administration())
    const given = directoryClientInputs('acme', 'a directory') as unknown as Properties
    const { outputs } = await type.create(call, { ...given, clientSecret: 'directory-secret' })
    const account = outputs['serviceAccountUserId'] ?? ''
    const role = { realmId: 'acme', serviceAccountUserId: account, role: 'view-users' }
    const management = keycloak.realm.byClientId(MANAGEMENT)?.id ?? ''
    await serviceAccountRoleType(administration()).create(call, { ...role, clientId: management })

    const credentials = { clientId: clientIdOf('a directory'), clientSecret: pulumi.secret('directory-secret') }
    const ask = await openRealm({ ...address(), credentials })
    const users = (await ask('GET', '/users?first=1&max=1')) as { email: string }[]
    expect(users.map(({ email }) => email)).toEqual([PEOPLE[1]?.email])
    const groups = (await ask('GET', '/groups')) as { id: string; name: string }[]
    const staff = groups.find(({ name }) => name === 'staff')
    expect(await ask('GET', `/groups/${staff?.id}/members`)).toHaveLength(2)
    await expect(ask('GET', '/clients')).rejects.toThrow(/403/)
    await expect(ask('DELETE', `/users/${PEOPLE[0]?.sub}`)).rejects.toThrow(/403/)
  })
})

function stackWith(settings: object) {
  return {
    url: 'https://login.acme.com',
    identityProviders: {
      acme: {
        kind: 'keycloak',
        url: 'https://id.acme.com',
        realm: 'acme',
        credentials: { clientId: 'provisioner', clientSecret: 'secret' },
        ...settings,
      },
    },
    routes: {
      app: { from: 'https://app.acme.com', to: 'http://127.0.0.1:3000', allow: 'user.email.endsWith("@acme.com")' },
    },
    target: { kind: 'process', listen: '127.0.0.1:8400', admin: '127.0.0.1:8401' },
  } as Parameters<typeof parseStack>[0]
}
