import * as pulumi from '@pulumi/pulumi'
import { beforeAll, describe, expect, it } from 'vitest'

import { describeAccess } from '../../infra/access.ts'
import { parseStack } from '../../infra/config/index.ts'
import { routeSecrets } from '../../infra/gateway-secrets.ts'
import { Gateway, type GatewayArgs } from '../../infra/index.ts'
import { mapValues } from '../../infra/map-values.ts'
import { planRuntime } from '../../infra/runtime-config.ts'
import { readStackFiles } from '../../infra/stack-files.ts'
import { runtimeConfigSchema } from '../../runtime/config.ts'

const args = {
  url: 'https://login.acme.example',
  identityProviders: {
    sso: {
      kind: 'oidc',
      name: 'Acme SSO',
      issuer: 'https://sso.acme.example',
      credentials: { initialAccessToken: 'initial-access-token-value' },
      allowedDomains: ['acme.example'],
    },
  },
  routes: {
    wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: '"staff" in user.groups' },
    docs: { from: 'https://docs.acme.example', to: 'http://docs:3000', public: 'published anyway' },
  },
} satisfies GatewayArgs

describe('a gateway', () => {
  const resources: pulumi.runtime.MockResourceArgs[] = []
  let gateway: Gateway
  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource(resource) {
          resources.push(resource)
          const made = { clientId: 'client-1', clientSecret: 'secret-1', value: 'value-1', privateJwk: '{"d":"jwk-1"}' }
          return { id: resource.name, state: { ...resource.inputs, ...made } }
        },
        call: () => ({}),
      },
      'project',
      'production',
    )
    gateway = new Gateway('edge', args)
    await settled(gateway.identityProviders)
    await pulumi.runtime.disconnect()
  })

  function only(type: string) {
    const found = resources.filter((resource) => resource.type === type)
    expect(found.map((resource) => resource.name)).toHaveLength(1)
    return found[0] as pulumi.runtime.MockResourceArgs
  }

  it('registers one client, with exact URLs and no more than it needs', () => {
    const { name, inputs } = only('gatewright-native:oidc:Client')
    expect(name).toBe('sso-gateway')
    const { initialAccessToken, ...rest } = Object.fromEntries(
      Object.entries(inputs as Record<string, unknown>).filter(([, value]) => value !== undefined),
    )
    expect(initialAccessToken).toBeDefined()
    expect(rest).toEqual({
      issuer: 'https://sso.acme.example',
      clientName: 'login.acme.example (production)',
      redirectUris: ['https://login.acme.example/callback/sso'],
      postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
      backChannelLogoutUri: 'https://login.acme.example/back-channel-logout/sso',
      backChannelLogoutSessionRequired: true,
      grantTypes: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethod: 'client_secret_post',
      scope: 'openid profile email',
    })
  })

  it('runs one program, whose configuration holds no secret and whose secrets are secret', () => {
    const { inputs } = only('gatewright-native:local:Process')
    const { config, secrets } = inputs as { config: object; secrets: unknown }
    expect(runtimeConfigSchema.parse(config).registrations).toEqual({ sso: [{ name: 'first', clientId: 'client-1' }] })
    expect(JSON.stringify(config)).not.toMatch(/secret-1|value-1|jwk-1|initial-access-token-value/)
    expect(JSON.stringify(secrets)).toContain('secret-1')
  })

  it('says what a reviewer wants to know', async () => {
    expect(gateway.access).toEqual({
      wiki: { '"staff" in user.groups': 'people in staff' },
      docs: { public: 'everybody, without signing in (published anyway)' },
    })
    expect(await settled(gateway.identityProviders)).toEqual({
      sso: {
        kind: 'oidc',
        issuer: 'https://sso.acme.example',
        clientId: 'client-1',
        callbackUrl: 'https://login.acme.example/callback/sso',
      },
    })
    expect(gateway.people).toBeUndefined()
  })

  it('refuses arguments with mistakes before it creates anything', () => {
    const before = resources.length
    expect(() => new Gateway('broken', { ...args, url: 'nonsense' })).toThrow('gatewright:url')
    expect(resources.length).toBe(before)
  })
})

describe('a gateway of several brands', () => {
  const resources: pulumi.runtime.MockResourceArgs[] = []
  let gateway: Gateway
  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource(resource) {
          resources.push(resource)
          return { id: resource.name, state: { ...resource.inputs, clientId: 'client-1', clientSecret: 'secret-1' } }
        },
        call: () => ({}),
      },
      'project',
      'production',
    )
    const { identityProviders, routes } = args
    const brands = {
      acme: { url: args.url ?? '', name: 'Acme' },
      zeta: { url: 'https://login.zeta.example', name: 'Zeta' },
      own: { url: 'https://login.own.example', name: 'Own', identityProviders: [], passkeys: true },
    }
    const placed = mapValues(routes, (route) => ({ ...route, brand: 'zeta' }))
    const mail = { kind: 'smtp' as const, host: 'smtp.acme.example', from: 'login@acme.example' }
    const input = {
      url: args.url ?? '',
      identityProviders,
      brands,
      routes: placed,
      mail,
      admins: '"admins" in user.groups',
    }
    gateway = new Gateway('brands', input)
    await settled(gateway.identityProviders)
    await pulumi.runtime.disconnect()
  })

  it('registers one client, with the callback of each brand that offers the provider, the stack’s own first', () => {
    const clients = resources.filter(({ type }) => type === 'gatewright-native:oidc:Client')
    expect(clients.map(({ inputs }) => inputs as object)).toEqual([
      expect.objectContaining({
        clientName: 'login.acme.example (production)',
        redirectUris: ['https://login.acme.example/callback/sso', 'https://login.zeta.example/callback/sso'],
        postLogoutRedirectUris: ['https://login.acme.example/signed-out', 'https://login.zeta.example/signed-out'],
        backChannelLogoutUri: 'https://login.acme.example/back-channel-logout/sso',
      }),
    ])
  })

  it('says where people sign in, to what providers send them back, and who administers', async () => {
    expect(gateway.brands).toEqual({
      acme: 'https://login.acme.example',
      zeta: 'https://login.zeta.example',
      own: 'https://login.own.example',
    })
    expect(gateway.administrators).toEqual({ '"admins" in user.groups': 'people in admins' })
    expect(gateway.mailbox).toBeUndefined()
    expect(await settled(gateway.identityProviders)).toMatchObject({
      sso: {
        callbackUrl: 'https://login.acme.example/callback/sso',
        callbackUrls: {
          acme: 'https://login.acme.example/callback/sso',
          zeta: 'https://login.zeta.example/callback/sso',
        },
      },
    })
  })
})

describe('the plan for the runtime', () => {
  it('passes the runtime’s own schema for every kind of route', () => {
    const stack = parseStack(args)
    const plan = planRuntime(stack, { sso: { issuer: 'https://sso.acme.example' } }, readStackFiles(stack, '.'))
    const config = runtimeConfigSchema.parse({ ...plan, registrations: {}, serviceAccounts: {} })
    expect(config.session).toEqual({ idleSeconds: 28_800, absoluteSeconds: 86_400, refreshGraceSeconds: 3_600 })
    expect(config.routes['docs']?.access).toEqual({ public: 'published anyway' })
    expect(config.identityProviders['sso']).toMatchObject({
      buttonText: 'Login with Acme SSO',
      allowedDomains: ['acme.example'],
    })
  })
})

it('what routes and other proxies show is given to the runtime as files, and stands in no configuration', async () => {
  const routes = {
    api: {
      from: 'https://api.acme.example',
      to: 'https://api:8443',
      allow: 'true',
      tls: { clientCertificate: { certificate: './me.pem', key: 'key-1' } },
    },
  }
  const stack = parseStack({ ...args, routes, forwardAuth: { secret: 'ask-1' } })
  const files = { ...readStackFiles(parseStack(args), '.'), text: () => 'certificate-1' }
  const secrets = routeSecrets(stack, files)
  expect(await settled(pulumi.output(secrets['upstream-certificate.api'] ?? ''))).toBe('certificate-1\nkey-1')
  expect(await settled(pulumi.output(secrets['forward-auth-secret'] ?? ''))).toBe('ask-1')
  const plan = planRuntime(stack, { sso: { issuer: 'https://sso.acme.example' } }, files)
  expect(plan.forwardAuth).toBe(true)
  expect(JSON.stringify(plan)).not.toMatch(/key-1|ask-1/)
})

it('a new way to pass is one added entry of the access map', () => {
  const before = describeAccess(parseStack(args))
  const wiki = { ...args.routes['wiki'], allow: '"staff" in user.groups || "contractors" in user.groups' }
  const after = describeAccess(parseStack({ ...args, routes: { ...args.routes, wiki } }))
  expect(after).toEqual({
    ...before,
    wiki: { ...before['wiki'], '"contractors" in user.groups': 'people in contractors' },
  })
})

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve))
}

describe('who may pass, in words', () => {
  it('has programs and what is asked of a sign-in as entries of their own', () => {
    const wiki = {
      ...args.routes['wiki'],
      signIn: { maxAgeMinutes: 15, acr: 'mfa' },
      bearer: [{ tokenIssuer: 'ci', audience: 'https://wiki.acme.example' }],
    }
    const stack = parseStack({
      ...args,
      routes: { ...args.routes, wiki },
      tokenIssuers: { ci: { issuer: 'https://token.actions.example' } },
      serviceAccounts: { robot: { name: 'The robot', groups: ['staff'], routes: ['wiki'] } },
    })
    expect(describeAccess(stack)['wiki']).toEqual({
      '"staff" in user.groups': 'people in staff',
      'bearer ci https://wiki.acme.example': 'by the rule, programs with a token of ci for https://wiki.acme.example',
      'service account robot': 'by the rule, the program The robot, in staff',
      'sign-in': 'nobody who has signed in more than 15 minutes ago, or otherwise than as mfa',
    })
  })
})
