import * as pulumi from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'

import { listeners, parseStack, StackConfigError } from '../../../infra/config/index.ts'
import { mailPassword } from '../../../infra/gateway-secrets.ts'
import { planRuntime } from '../../../infra/runtime-config.ts'
import { readStackFiles } from '../../../infra/stack-files.ts'
import { type RuntimeConfig, runtimeConfigSchema } from '../../../runtime/config.ts'

type Fields = Record<string, unknown>

const smtp = { kind: 'smtp', host: 'smtp.acme.example', from: 'login@acme.example' }
const sso = { kind: 'oidc', issuer: 'https://sso.example', client: { id: 'c', secret: 's' } }
const vendors: Record<string, Fields> = {
  auth0: { domain: 'acme.eu.auth0.com', credentials: { clientId: 'c', clientSecret: 's' } },
  google: { client: { id: 'c', secret: 's' } },
}

const stack = (more: Fields = {}, settings: Fields = {}): Fields => ({
  url: 'https://login.acme.example',
  identityProviders: { sso: { ...sso, ...settings } },
  routes: { app: { from: 'https://app.acme.example', to: 'http://app:3000', allow: 'true' } },
  ...more,
})
const here = { url: 'http://login.gw.localhost:8400', routes: {} }
const provider = (settings: Fields): Fields => stack({}, settings)

function problems(input: Fields): string[] {
  try {
    parseStack(input)
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

function runtime(input: Fields): RuntimeConfig {
  const parsed = parseStack(input)
  const plan = planRuntime(
    parsed,
    { sso: { issuer: 'https://sso.example' } },
    readStackFiles(parsed, '.', 'stacks/Pulumi.test.yaml'),
  )
  return runtimeConfigSchema.parse({ ...plan, registrations: {}, serviceAccounts: {} })
}

describe('what becomes of people whom a provider signs in', () => {
  it('is all told to the runtime', () => {
    const settings = {
      name: 'Acme SSO',
      description: 'For the staff; ask the service desk.',
      enabled: false,
      buttonText: 'Employee login',
      provisioning: 'match-only',
      emailTrust: 'always-verify',
      linking: 'deny',
      allowedDomains: 'Acme.example, bücher.example',
      attributes: { company: { claim: 'org.name', default: 'Acme' }, location: 'address.locality', username: 'upn' },
    }
    expect(runtime(stack({ mail: smtp }, settings)).identityProviders['sso']).toMatchObject({
      ...settings,
      allowedDomains: ['acme.example', 'xn--bcher-kva.example'],
      attributes: {
        username: { claim: 'upn' },
        email: { claim: 'email' },
        name: { claim: 'name' },
        picture: { claim: 'picture' },
        website: { claim: 'website' },
        company: { claim: 'org.name', default: 'Acme' },
        location: { claim: 'address.locality' },
      },
    })
  })

  it('begins with what the vendor calls things', () => {
    const mapping = (kind: string) =>
      parseStack({ ...stack(), identityProviders: { sso: { kind, ...vendors[kind] } } }).identityProviders['sso']
        ?.attributes
    expect(mapping('auth0')).toMatchObject({ username: { claim: 'nickname' }, company: { claim: 'organization' } })
    expect(mapping('google')).toMatchObject({ username: { claim: 'email' }, company: { claim: 'hd' } })
  })

  it.each<[string, Fields, string]>([
    ['always-verify without mail', provider({ emailTrust: 'always-verify' }), 'always-verify asks by mail'],
    ['trust without domains', provider({ emailTrust: 'trust-idp' }), 'trust-idp believes any address'],
    ['trust that is misspelled', provider({ emailTrust: 'trust' }), 'emailTrust must be one of'],
    [
      'an address from a claim that nobody verified',
      provider({ attributes: { email: 'upn' } }),
      'email_verified says nothing of upn',
    ],
    [
      'an address that many share',
      provider({ attributes: { email: { claim: 'email', default: 'a@b.example' } } }),
      'an address has no default',
    ],
    ['a field that no profile has', provider({ attributes: { phone: 'phone_number' } }), 'attributes.phone is unknown'],
    ['a path with a hole', provider({ attributes: { name: 'a..b' } }), 'a part of the path is empty'],
    [
      'a mapping of another form',
      provider({ attributes: { name: { path: 'a' } } }),
      'write the name of a claim, or { claim, default }',
    ],
    ['a domain twice', provider({ allowedDomains: 'acme.example,ACME.example' }), 'a domain is there twice'],
    ['an empty domain', provider({ allowedDomains: 'acme.example,,b.example' }), 'write a domain'],
  ])('refuses %s', (_, input, words) => {
    expect(problems(input).join('\n')).toContain(words)
  })
})

describe('mail', () => {
  it('is handed in where the kind of protection has it, with a password that stands in no configuration', async () => {
    const input = stack({ mail: { ...smtp, security: 'starttls', user: 'gw', password: 'hidden-1' } })
    const config = runtime(input)
    expect(config.mail).toEqual({
      host: 'smtp.acme.example',
      port: 587,
      security: 'starttls',
      user: 'gw',
      from: 'login@acme.example',
    })
    expect(JSON.stringify(config)).not.toContain('hidden-1')
    const password = pulumi.output(mailPassword(parseStack(input))['mail-password'])
    expect(await pulumi.isSecret(password)).toBe(true)
    expect(await new Promise((resolve) => password.apply(resolve))).toBe('hidden-1')
    expect(runtime(stack({ mail: smtp })).mail).toEqual({
      host: 'smtp.acme.example',
      port: 465,
      security: 'tls',
      from: 'login@acme.example',
    })
    expect(mailPassword(parseStack(stack({ mail: smtp })))).toEqual({})
  })

  it('of a stack on this machine stays there, at addresses that are looked after', () => {
    const input = stack({ ...here, mail: { kind: 'local' } })
    expect(runtime(input).mail).toEqual({ host: '127.0.0.1', port: 8405, security: 'none', from: 'login@gw.example' })
    expect(listeners(parseStack(input)).map(({ port, path }) => `${path.join('.')} ${port}`)).toEqual([
      'target.listen 8400',
      'target.admin 8401',
      'mail.url 8404',
      'mail.smtp 8405',
    ])
  })

  it.each<[string, Fields, string]>([
    ['without a sender', { ...smtp, from: undefined }, 'mail.from'],
    ['from a name', { ...smtp, from: 'Acme <login@acme.example>' }, 'write an address alone'],
    ['in the open', { ...smtp, security: 'none' }, 'none is for this machine alone'],
    ['with a user and no password', { ...smtp, user: 'gw' }, 'user and password go together'],
    ['with a password and no user', { ...smtp, password: 'p' }, 'user and password go together'],
    ['to an address with a port', { ...smtp, host: 'smtp.acme.example:25' }, 'write the name of the server alone'],
    ['of an unknown kind', { kind: 'sendmail' }, 'mail.kind must be one of smtp, local'],
    ['that stays here for people who are elsewhere', { kind: 'local' }, 'mail.kind local sends nothing on'],
    [
      'that is shown elsewhere',
      { kind: 'local', url: 'https://mail.acme.example' },
      'mail.url use http://<name>.localhost',
    ],
    ['that is taken from everywhere', { kind: 'local', smtp: '0.0.0.0:25' }, 'mail.smtp use 127.0.0.1'],
  ])('%s is refused', (_, mail, words) => {
    expect(problems(stack({ mail })).join('\n')).toContain(words)
  })
})

describe('accounts of the stack', () => {
  const alice = { email: 'alice@acme.example', name: 'Alice', groups: ['staff'] }

  it('are told to the runtime with their brand, and who administers, and where that stands', () => {
    const config = runtime(stack({ accounts: { alice }, admins: '"admins" in user.groups' }))
    expect(config.accounts).toEqual({ alice: { ...alice, brand: 'default' } })
    expect(config.admins).toBe('"admins" in user.groups')
    expect(config.stackFile).toBe('stacks/Pulumi.test.yaml')
  })

  it.each<[string, Fields, string]>([
    ['no address', { accounts: { alice: { ...alice, email: 'alice' } } }, 'accounts.alice.email'],
    [
      'one address for two',
      { accounts: { alice, twin: { ...alice, email: 'ALICE@acme.example' } } },
      'accounts.twin.email is that of alice already',
    ],
    ['a brand that is not there', { accounts: { alice: { ...alice, brand: 'zeta' } } }, 'there is no brand zeta'],
    [
      'nobody to invite them',
      { accounts: { alice }, identityProviders: {}, brands: { default: { passkeys: true } } },
      'accounts.alice.email is invited by mail',
    ],
    ['a rule for administrators that is broken', { admins: 'user.grups' }, '^'],
    [
      'a rule on a claim that nobody keeps',
      { admins: 'user.claims.role == "admin"' },
      'gatewright:admins no provider of the stack keeps the claim role',
    ],
  ])('are refused with %s', (_, more, words) => {
    expect(problems(stack(more)).join('\n')).toContain(words)
  })
})
