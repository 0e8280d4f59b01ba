import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../infra/config/index.ts'
import { clientInputsSchema } from '../../infra/provider/oidc/schema.ts'
import { applicationInputsSchema } from '../../infra/provider/pingone/schema.ts'
import { gatewayClient } from '../../infra/relying-parties/index.ts'
import { callbackUrl } from '../../runtime/config.ts'
import { createBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const LOOSE = [
  'https://login.acme.example/callback/*',
  'https://*.acme.example/callback/sso',
  'https://login.acme.example/callback/sso#',
  '/callback/sso',
  'login.acme.example/callback/sso',
  '*',
  '',
]

describe('41: a redirect URI', () => {
  it('is registered as the very one that is sent', async () => {
    const registered = gatewayClient('acme', [gateway.login], 'Acme').redirectUris
    expect(registered).toEqual([callbackUrl(gateway.login, 'acme')])
    await createBrowser().open(`${gateway.login}/sign-in/acme`, { redirects: 1 })
    expect(gateway.provider.authorizationRequests.map((sent) => sent.get('redirect_uri'))).toEqual(registered)
  })

  it.each<Record<string, string>>([
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
    { 'x-forwarded-prefix': '/evil' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-original-url': 'https://evil.example/sign-in/acme' },
    { origin: 'https://evil.example', referer: 'https://evil.example/' },
  ])('does not come from what a request says: %j', async (headers) => {
    const before = gateway.provider.authorizationRequests.length
    for (const query of ['', '?redirect_uri=https://evil.example/', '?return_to=https://evil.example/']) {
      await createBrowser().open(`${gateway.login}/sign-in/acme${query}`, { headers, redirects: 1 })
    }
    const sent = gateway.provider.authorizationRequests.slice(before)
    expect(sent).toHaveLength('host' in headers ? 0 : 3)
    for (const each of sent) expect(each.getAll('redirect_uri')).toEqual([callbackUrl(gateway.login, 'acme')])
  })

  it.each(LOOSE)('with a pattern or without a host is registered nowhere: %j', (uri) => {
    const client = {
      issuer: 'https://sso.acme.example',
      clientName: 'Acme',
      redirectUris: [uri],
      postLogoutRedirectUris: [],
      grantTypes: ['authorization_code'],
      tokenEndpointAuthMethod: 'client_secret_post',
    }
    expect(pathsOf(clientInputsSchema.safeParse(client))).toContain('redirectUris.0')
    expect(pathsOf(applicationInputsSchema.safeParse({ redirectUris: [uri] }))).toContain('redirectUris.0')
  })

  it.each([
    'https://*.acme.example',
    'https://login.acme.example/*',
    'https://login.acme.example/path',
    'https://login.acme.example?x',
    'https://login.acme.example#x',
    'https://user@login.acme.example',
    'https://login.*',
    'http://login.acme.example',
    '*',
  ])('is made of a login host that is one origin, which this is not: %s', (url) => {
    const stack = {
      url,
      identityProviders: {
        sso: { kind: 'oidc', issuer: 'https://idp.acme.example', credentials: { initialAccessToken: 'token' } },
      },
      routes: { app: { from: 'https://app.acme.example', to: 'http://app:3000', allow: 'true' } },
    }
    expect(() => parseStack(stack)).toThrow(StackConfigError)
    expect(() => parseStack({ ...stack, url: 'https://login.acme.example' })).not.toThrow()
  })
})

function pathsOf({ error }: { error?: { issues: { path: PropertyKey[] }[] } }): string[] {
  return (error?.issues ?? []).map(({ path }) => path.join('.'))
}
