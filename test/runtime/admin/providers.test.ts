import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { createProviderTests } from '../../../runtime/admin/providers/index.ts'
import type { Visit } from '../../../runtime/admin/visit.ts'
import type { AuthenticateContext } from '../../../runtime/authenticate/index.ts'
import { plainLook } from '../../../runtime/pages/index.ts'
import { createProvider } from '../../../runtime/providers/index.ts'
import type { AuditEvent } from '../../../runtime/store/index.ts'
import { type Browser, createBrowser, type Page } from '../../support/browser.ts'
import { shown } from '../../support/visitor.ts'
import { type AdminStage, startAdminStage } from './admin-stage.ts'

const DESCRIPTION = 'Run by IT <it@acme.example>'

let stage: AdminStage
let carol: Browser
beforeAll(async () => {
  stage = await startAdminStage((config) => {
    const { acme } = config.identityProviders
    if (!acme) throw new Error('there is no provider acme')
    Object.assign(acme, {
      description: DESCRIPTION,
      allowedDomains: ['acme.example'],
      claims: ['department'],
      logo: {
        type: 'image/svg+xml',
        data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64'),
      },
      attributes: { ...acme.attributes, company: { claim: 'org.name', default: 'Acme' } },
    })
    config.brands['other'] = { ...brandOf(config.brands['other']), identityProviders: ['acme'] }
  })
  carol = await stage.administrator()
})
afterAll(() => stage.close())

const honest = {
  discovery: (document: Record<string, unknown>) => document,
  clientSecrets: ['client-secret-value-first'],
}
afterEach(() => {
  Object.assign(stage.acme.behaviour, honest)
  stage.acme.behaviour.answer = (parameters) => Object.entries(parameters)
})

function brandOf<Brand>(brand: Brand | undefined): Brand {
  if (!brand) throw new Error('there is no such brand')
  return brand
}

const test = (id = 'acme') => stage.admin(carol, `/identity-providers/${id}/test`, {})

describe('the pages', () => {
  it('list the brand’s providers', async () => {
    expect(shown(await stage.admin(carol, '/identity-providers'))).toMatch(
      /Acme acme oidc .*Enabled Auto provision 1 .*Globex/,
    )
  })

  it('show every setting with the key that sets it, and no secret', async () => {
    const page = await stage.admin(carol, '/identity-providers/acme')
    const text = shown({ ...page, text: page.text.replaceAll('<wbr>', '') })
    for (const said of [
      'Set in stacks/Pulumi.test.yaml',
      `Description ${DESCRIPTION} gatewright:identityProviders.acme.description`,
      'Client ID gateway-client registered by the deployment',
      '•••••••• named first gatewright:identityProviders.acme.clientSecrets',
      'client_secret_post gatewright:identityProviders.acme.authMethod',
      'openid profile email groups gatewright:identityProviders.acme.scopes',
      'Allowed domains acme.example gatewright:identityProviders.acme.allowedDomains',
      'Verify with claim',
      'Auto provision',
      'Login with Acme',
      'org.name , otherwise Acme',
    ]) {
      expect(text).toContain(said)
    }
    expect(page.text).toContain(`value="${stage.gateway.login}/callback/acme"`)
    expect(page.text).toContain('src="/logo/acme"')
    expect(page.text).not.toContain('client-secret-value')
  })

  it('are not there for a provider of another brand', async () => {
    const other = createBrowser()
    stage.acme.behaviour.person = {
      sub: 'ivy',
      name: 'Ivy',
      email: 'ivy@acme.example',
      email_verified: true,
      groups: ['admins'],
    }
    const offered = await other.open(`${stage.other}/sign-in`)
    await other.open(new URL(/href="(\/sign-in\/acme[^"]*)"/.exec(offered.text)?.[1] ?? '', stage.other).href)
    const at = async (id: string) => (await other.open(`${stage.other}/admin/identity-providers/${id}`)).status
    expect([await at('acme'), await at('globex'), await at('constructor')]).toEqual([200, 404, 404])
    const before = stage.globex.discoveryRequests()
    const tried = await other.open(`${stage.other}/admin/identity-providers/globex/test`, {
      method: 'POST',
      headers: { origin: stage.other, 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([tried.status, stage.globex.discoveryRequests()]).toEqual([404, before])
  })
})

describe('the test of a connection', () => {
  const verdicts = (page: Page) =>
    Object.fromEntries(
      [...shown(page).matchAll(/(Discovery|Callback URL|Credentials|Token endpoint) (ok|wrong|unclear)/g)].map(
        ([, what, state]) => [what, state],
      ),
    )

  it('shows what a good provider says of itself, that its callback is taken, and the credential', async () => {
    const page = await test()
    const { issuer } = stage.acme
    expect(shown(page)).toContain(
      `The connection works. Issuer URL ${issuer} Authorization endpoint ${issuer}/authorize Token endpoint ${issuer}/token JWKS URI ${issuer}/jwks 1 key Signing algorithms RS256`,
    )
    expect(verdicts(page)).toEqual({ Discovery: 'ok', 'Callback URL': 'ok', Credentials: 'ok' })
    const [entry] = await stage.log(carol, { action: 'provider.tested' })
    expect(entry).toMatchObject({ address: '127.0.0.1', details: { provider: 'acme', result: 'good' } })
  })

  it('finds a secret that is not taken, and never shows it', async () => {
    stage.acme.behaviour.clientSecrets = ['another']
    const page = await test()
    expect(verdicts(page)).toMatchObject({ Discovery: 'ok', Credentials: 'wrong' })
    expect(shown(page)).toContain('People cannot sign in with this provider as it stands.')
    expect(page.text).not.toContain('client-secret-value')
    expect((await stage.log(carol, { action: 'provider.tested' }))[0]?.details['result']).toBe('wrong')
  })

  it('finds a document of another issuer, and shows that one no credential', async () => {
    const before = stage.acme.tokenRequests.length
    stage.acme.behaviour.discovery = (document) => ({ ...document, issuer: 'https://evil.example' })
    const page = await test()
    expect(verdicts(page)).toEqual({ Discovery: 'wrong' })
    expect(shown(page)).toMatch(/issuer_mismatch.*The wrong tenant, realm or environment/)
    expect(stage.acme.tokenRequests).toHaveLength(before)
  })

  it('finds a document without what a sign-in needs', async () => {
    stage.acme.behaviour.discovery = (document) => ({ ...document, jwks_uri: undefined })
    expect(shown(await test())).toContain('has no usable jwks_uri')
  })

  it('finds a callback with which every sign-in comes back refused', async () => {
    stage.acme.behaviour.answer = ({ state = '' }) => [
      ['error', 'unauthorized_client'],
      ['state', state],
    ]
    const page = await test()
    expect(verdicts(page)).toMatchObject({ 'Callback URL': 'wrong' })
    expect(shown(page)).toContain(`give it the redirect URI`)
  })

  it('finds a provider that is not there', async () => {
    await stage.globex.close()
    const page = await test('globex')
    expect(verdicts(page)).toEqual({ Discovery: 'wrong' })
    expect(shown(page)).toMatch(/got no answer.*Nothing listens there/)
  })

  it('is one test where two ask at once, and each of them is in the log', async () => {
    const { config } = stage.gateway
    const { acme } = config.identityProviders
    if (!acme) throw new Error('there is no provider acme')
    const credential = {
      name: 'first',
      clientId: 'gateway-client',
      proof: { kind: 'secret', secret: 'client-secret-value-first' },
    } as const
    const logged: AuditEvent[] = []
    const context = {
      config,
      providers: new Map([['acme', createProvider('acme', acme, [credential])]]),
      store: { recordAudit: async (events: AuditEvent[]) => void logged.push(...events) },
    } as unknown as AuthenticateContext
    const brand = { id: 'default', config: brandOf(config.brands['default']) }
    const visit = (id: string) =>
      ({ context, brand, actor: { id, address: '' }, look: plainLook('Acme'), name: id }) as Visit
    const run = createProviderTests(context)
    const before = stage.acme.tokenRequests.length
    await Promise.all([run(visit('carol'), 'acme'), run(visit('dave'), 'acme')])
    expect(stage.acme.tokenRequests).toHaveLength(before + 1)
    expect(logged.map(({ actor }) => actor)).toEqual(['carol', 'dave'])
    await run(visit('carol'), 'acme')
    expect(stage.acme.tokenRequests).toHaveLength(before + 2)
  })
})
