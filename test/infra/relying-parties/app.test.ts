import { describe, expect, it } from 'vitest'

import { app, APP_NAMES, type AppName, type AppSettings } from '../../../infra/config/relying-parties/app.ts'
import { clientRequest } from '../../../infra/relying-parties/app/component.ts'
import type { AppClient } from '../../../infra/relying-parties/app/profile.ts'
import { PROFILES } from '../../../infra/relying-parties/app/profiles/index.ts'

const url = 'https://app.corp.example'
const client: AppClient = {
  url,
  source: 'staff',
  displayName: 'Acme "SSO"',
  issuer: 'https://sso.acme.example/',
  clientId: 'client-1',
  clientSecret: 's3cr"et\\',
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  groupsClaim: 'groups',
  endpoints: {
    authorization: 'https://sso.acme.example/authorize',
    token: 'https://sso.acme.example/token',
    userinfo: 'https://sso.acme.example/userinfo',
    endSession: 'https://sso.acme.example/logout',
  },
}

function settings(name: AppName, more: object = {}): AppSettings {
  return app.parse({ kind: 'app', app: name, url, identityProvider: 'staff', ...more })
}

const asks = (name: AppName, more: object = {}) =>
  clientRequest({ id: 'one', clientName: 'app.corp.example (test)' }, settings(name, more))

describe('an app', () => {
  it.each<[AppName, string[], { pkce: boolean; authMethod: string }]>([
    ['argo-cd', ['/auth/callback'], { pkce: false, authMethod: 'client_secret_basic' }],
    ['forgejo', ['/user/oauth2/staff/callback'], { pkce: false, authMethod: 'client_secret_basic' }],
    ['gitea', ['/user/oauth2/staff/callback'], { pkce: false, authMethod: 'client_secret_basic' }],
    ['gitlab', ['/users/auth/openid_connect/callback'], { pkce: true, authMethod: 'client_secret_basic' }],
    ['grafana', ['/login/generic_oauth'], { pkce: true, authMethod: 'client_secret_basic' }],
    ['harbor', ['/c/oidc/callback'], { pkce: false, authMethod: 'client_secret_basic' }],
    ['open-webui', ['/oauth/oidc/callback'], { pkce: true, authMethod: 'client_secret_basic' }],
    ['outline', ['/auth/oidc.callback'], { pkce: false, authMethod: 'client_secret_post' }],
    ['vault', ['/ui/vault/auth/oidc/oidc/callback'], { pkce: false, authMethod: 'client_secret_basic' }],
  ])('called %s asks for a client with exactly its callbacks', (name, paths, rest) => {
    const more = name === 'vault' ? ['http://localhost:8250/oidc/callback'] : []
    expect(asks(name)).toMatchObject({ redirectUris: [...paths.map((path) => url + path), ...more], ...rest })
  })

  it('below a path has its callbacks there', () => {
    const below = app.parse({ kind: 'app', app: 'grafana', url: `${url}/grafana`, identityProvider: 'staff' })
    const { redirectUris, homeUrl } = clientRequest({ id: 'one', clientName: 'x' }, below)
    expect([homeUrl, redirectUris]).toEqual([`${url}/grafana`, [`${url}/grafana/login/generic_oauth`]])
  })

  it('that nobody knows asks for what the stack file says', () => {
    const said = { redirectUris: [`${url}/back`], postLogoutRedirectUris: [`${url}/bye`], pkce: true }
    expect(asks('other', { ...said, authMethod: 'client_secret_post', allowedGroups: ['Ops'] })).toEqual({
      relyingParty: 'one',
      clientName: 'app.corp.example (test)',
      ...said,
      homeUrl: url,
      authMethod: 'client_secret_post',
      allowedGroups: ['Ops'],
    })
  })

  it.each(APP_NAMES)('called %s is told the client’s id and secret, and nothing is left empty', (name) => {
    const values = PROFILES[name].values(client)
    const text = Object.values(values).map((value) =>
      value.startsWith('{') ? JSON.stringify(JSON.parse(value)) : value,
    )
    expect(text.join('\n')).toMatch(/client-1/)
    expect(Object.values(values).join('\n')).toMatch(/s3cr/)
    expect(Object.values(values)).not.toContain('')
    const { clientSecret: _secret, ...rest } = client
    expect(JSON.stringify(PROFILES[name].beside?.(rest, 'oidc') ?? {})).not.toContain('s3cr')
  })
})

describe('Grafana', () => {
  it('is told each endpoint, for it reads no discovery document', () => {
    expect(PROFILES.grafana.needsEndpoints).toBe(true)
    expect(PROFILES.grafana.values(client)).toEqual({
      GF_SERVER_ROOT_URL: url,
      GF_AUTH_GENERIC_OAUTH_ENABLED: 'true',
      GF_AUTH_GENERIC_OAUTH_NAME: 'Acme "SSO"',
      GF_AUTH_GENERIC_OAUTH_CLIENT_ID: 'client-1',
      GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET: client.clientSecret,
      GF_AUTH_GENERIC_OAUTH_SCOPES: 'openid profile email offline_access',
      GF_AUTH_GENERIC_OAUTH_AUTH_URL: 'https://sso.acme.example/authorize',
      GF_AUTH_GENERIC_OAUTH_TOKEN_URL: 'https://sso.acme.example/token',
      GF_AUTH_GENERIC_OAUTH_API_URL: 'https://sso.acme.example/userinfo',
      GF_AUTH_GENERIC_OAUTH_AUTH_STYLE: 'InHeader',
      GF_AUTH_GENERIC_OAUTH_USE_PKCE: 'true',
      GF_AUTH_GENERIC_OAUTH_USE_REFRESH_TOKEN: 'true',
      GF_AUTH_GENERIC_OAUTH_GROUPS_ATTRIBUTE_PATH: 'groups',
      GF_AUTH_GENERIC_OAUTH_SIGNOUT_REDIRECT_URL:
        'https://sso.acme.example/logout?post_logout_redirect_uri=https%3A%2F%2Fapp.corp.example%2Flogin',
    })
  })

  it('comes back from a sign-out where the client says, and is told of none where the provider has none', () => {
    expect(asks('grafana').postLogoutRedirectUris).toEqual([`${url}/login`])
    const without = PROFILES.grafana.values({ ...client, endpoints: { ...client.endpoints, endSession: '' } })
    expect(without).not.toHaveProperty('GF_AUTH_GENERIC_OAUTH_SIGNOUT_REDIRECT_URL')
  })

  it('does not ask to refresh where nothing to refresh with is asked for', () => {
    const values = PROFILES.grafana.values({ ...client, scopes: ['openid'] })
    expect(values['GF_AUTH_GENERIC_OAUTH_USE_REFRESH_TOKEN']).toBe('false')
  })
})

describe('Argo CD', () => {
  it('refers to a Secret that it may look into', () => {
    expect(PROFILES['argo-cd'].labels).toEqual({ 'app.kubernetes.io/part-of': 'argocd' })
    const { clientSecret: _secret, ...rest } = client
    const { url: address, ...config } = PROFILES['argo-cd'].beside?.(rest, 'argocd-oidc') ?? {}
    expect(address).toBe(url)
    expect(JSON.parse(config['oidc.config'] ?? '')).toMatchObject({
      issuer: client.issuer,
      clientID: 'client-1',
      clientSecret: '$argocd-oidc:clientSecret',
    })
  })
})
