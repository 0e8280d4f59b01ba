import { describe, expect, it } from 'vitest'

import { type ProviderAtBrand, settingsOf } from '../../../runtime/admin/providers/settings.ts'
import { baseConfig } from '../../support/release.ts'

function settings(change: Partial<ProviderAtBrand['provider']> = {}, registrations?: ProviderAtBrand['registrations']) {
  const config = baseConfig({ listenPort: 1, adminPort: 2, appPort: 3, issuer: 'https://idp.example' })
  const { acme } = config.identityProviders
  if (!acme) throw new Error('there is no provider acme')
  const groups = settingsOf({
    id: 'acme',
    provider: { ...acme, ...change },
    registrations: registrations ?? [{ name: 'first', clientId: 'client' }],
    loginUrl: 'https://login.acme.example',
    logoHref: '/logo/acme',
  })
  return new Map(groups.flatMap((group) => group.settings).map((one) => [one.label, one]))
}

const said = (shown: ReturnType<typeof settings>, label: string) => String(shown.get(label)?.value)
const key = (shown: ReturnType<typeof settings>, label: string) => shown.get(label)?.key

describe('the settings of a provider', () => {
  it('are those that an administrator knows by name', () => {
    expect([...settings().keys()]).toEqual(
      expect.arrayContaining(
        'Identifier,Name,Description,Type,Enabled,Domain (issuer),Client ID,Client secret,Authentication method,Scopes'
          .concat(',Provisioning mode,Allowed domains,Email trust,Logo,Button text')
          .concat(',Username,Email,Picture,Website,Company,Location')
          .split(','),
      ),
    )
  })

  it.each([
    ['okta', 'domain'],
    ['entra', 'tenantId'],
    ['keycloak', 'realm'],
    ['google', 'issuer'],
    ['pocket-id', 'url'],
  ])('name for %s the key %s, from which the issuer is made', (kind, expected) => {
    expect(key(settings({ kind }), 'Domain (issuer)')).toBe(expected)
  })

  it('say where a client that somebody made by hand is set, and that a registered one is set nowhere', () => {
    const brought = settings({}, [{ name: 'present', clientId: 'by-hand' }])
    expect([key(brought, 'Client ID'), key(brought, 'Client secret')]).toEqual(['client.id', 'client.secret'])
    const withKey = settings({ authMethod: 'private_key_jwt' }, [{ name: 'present', clientId: 'by-hand' }])
    expect(key(withKey, 'Client secret')).toBe('client.privateKey')
    expect(key(settings(), 'Client ID')).toEqual({ follows: 'registered by the deployment' })
    expect(key(settings(), 'Client secret')).toBe('clientSecrets')
  })

  it('mask each secret and tell it by its name', () => {
    const both = said(
      settings({}, [
        { name: '2026-07', clientId: 'c' },
        { name: 'first', clientId: 'c' },
      ]),
      'Client secret',
    )
    expect(both.match(/••••/g)?.length).toBeGreaterThan(1)
    expect(both).toMatch(/2026-07.*first/)
    expect(said(settings({ authMethod: 'none' }), 'Client secret')).toContain('PKCE alone')
  })

  it('escape what the stack file says', () => {
    expect(said(settings({ description: '<img src=x>' }), 'Description')).toContain('&lt;img src=x&gt;')
    expect(said(settings({ authorizationParameters: { hd: '"><b>' } }), 'Authorization parameters')).not.toContain(
      '<b>',
    )
  })
})
