import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createCredentialsType } from '../../../../infra/provider/pangolin/credentials.ts'
import { createIdentityProviderType } from '../../../../infra/provider/pangolin/identity-provider.ts'
import { createOrganizationPolicyType } from '../../../../infra/provider/pangolin/organization-policy.ts'
import { createClientSecretType } from '../../../../infra/provider/pocket-id/client-secret.ts'
import { createClientType } from '../../../../infra/provider/pocket-id/client.ts'
import { createBrowser, type Page } from '../../../support/browser.ts'
import { newUser, type TestPangolin } from '../../../support/pangolin/index.ts'
import { type Pangolins, startPangolins } from '../../../support/pangolin/pangolins.ts'
import { callFor } from '../../../support/provider/call.ts'

const call = callFor('tunnel')
const pause = async () => {}
const MARK = 'a-mark-that-nobody-guesses'
let pangolins: Pangolins
let pangolin: TestPangolin

beforeAll(async () => {
  pangolins = await startPangolins()
})
afterAll(() => pangolins.close())
beforeEach(() => {
  pangolins.reset()
  pangolin = pangolins.endpoints
})

describe('a sign-in by Pocket ID', () => {
  it.each(['endpoints', 'discovery'] as const)('comes to its end (%s)', async (addressing) => {
    pangolin = pangolins[addressing]
    await connect({ autoProvision: true, organizations: { acme: ["'Member'", '`true`'] } })
    const page = await signInAs('Alice')
    expect(page.url).toBe(`${pangolin.url}/`)
    expect(page.text).toContain('Signed in: Alice Archer (alice, alice@acme.example)')
    expect(page.text).toContain('In: acme as Member<')
  })

  it('brings nobody into an organization that has no policy', async () => {
    await connect({ autoProvision: true, organizations: {} })
    const page = await signInAs('Alice')
    expect(page.status).toBe(401)
    expect(page.text).toContain('No policies matched for alice')
    expect(pangolin.installation.users).toEqual([])
  })

  it('maps groups to roles, and keeps out who is in none of them', async () => {
    const role = "contains(groups, 'admins') && 'Admin' || 'Member'"
    const organizations = { acme: [role, "contains(groups, 'staff')"], guild: [role, '`true`'] } as const
    await connect({ autoProvision: true, organizations, scopes: 'openid profile email groups' })
    expect((await signInAs('Alice')).text).toContain('In: acme as Admin; guild as Admin<')
    expect((await signInAs('Bob')).text).toContain('In: guild as Member<')
  })

  it('lets nobody in whom no administrator has entered, without automatic accounts', async () => {
    await connect({ autoProvision: false, organizations: {} })
    expect((await signInAs('Alice')).text).toContain('User with username alice is unprovisioned')
    const [idpId = 0] = pangolin.installation.identityProviders.keys()
    const alice = newUser({ username: 'alice', email: null, name: null, idpId })
    alice.organizations.set('acme', { roles: ['Admin'], autoProvisioned: false })
    pangolin.installation.users.push(alice)
    expect((await signInAs('Alice')).text).toContain('In: acme as Admin<')
  })
})

describe('the emulated callback', () => {
  it('denies the state of another browser', async () => {
    await connect({ autoProvision: true, organizations: { acme: ["'Member'", '`true`'] } })
    const back = await comeBack('Alice')
    const other = createBrowser(pangolins.certificate.cert)
    await other.open(await startUrl(), { redirects: 0 })
    expect((await other.open(back)).text).toContain('State mismatch')
    expect((await createBrowser(pangolins.certificate.cert).open(back)).status).toBe(400)
    expect(pangolin.installation.sessions.size).toBe(0)
  })

  it('denies a sign-in with a secret that Pocket ID does not know', async () => {
    await connect({ autoProvision: true, organizations: { acme: ["'Member'", '`true`'] } })
    for (const { client } of pangolin.installation.identityProviders.values()) client.clientSecret = 'wrong'
    expect((await signInAs('Alice')).text).toContain('OIDC provider rejected the request (invalid_client)')
    expect(pangolin.installation.sessions.size).toBe(0)
  })

  it('says no more than that an error occurred when a mapping asks for a claim that is not there', async () => {
    await connect({ autoProvision: true, organizations: { acme: ["'Member'", "contains(groups, 'staff')"] } })
    expect((await signInAs('Alice')).text).toContain('An error occurred')
    expect(pangolin.installation.users).toEqual([])
  })
})

interface Wanted {
  autoProvision: boolean
  /** Organization → role mapping and organization mapping. */
  organizations: Record<string, readonly [roleMapping: string, orgMapping: string]>
  scopes?: string
}

/** Both steps of both sides, in the order in which the engine does them. */
async function connect({ autoProvision, organizations, scopes = 'openid profile email' }: Wanted): Promise<void> {
  const { api, apiKey, url } = pangolin
  const { pocketId } = pangolins
  const administration = { url: pocketId.url, apiKey: pocketId.tenant.apiKey }
  const made = await createIdentityProviderType(pause).create(call, {
    api,
    apiKey,
    url,
    mark: MARK,
    name: 'People',
    autoProvision,
  })
  const client = await createClientType(pause).create(call, {
    ...administration,
    clientId: 'gatewright.pangolin',
    name: 'Pangolin',
    callbackUrls: [made.outputs['callbackUrl'] ?? null],
    logoutCallbackUrls: [],
    isPublic: false,
    pkceEnabled: true,
  })
  const proposed = 'a-secret-that-is-proposed'
  const secret = await createClientSecretType(pause).create(call, {
    ...administration,
    clientId: client.id,
    proposed,
    besideAnother: false,
  })
  for (const [organization, [roleMapping, orgMapping]] of Object.entries(organizations)) {
    const policy = { api, apiKey, idpId: made.id, mark: MARK, organization, roleMapping, orgMapping }
    await createOrganizationPolicyType(pause).create(call, policy)
  }
  await createCredentialsType(pause).create(call, {
    api,
    apiKey,
    idpId: made.id,
    mark: MARK,
    issuer: pocketId.url,
    clientId: client.id,
    clientSecret: secret.outputs['value'] ?? null,
    scopes,
    identifierPath: 'preferred_username',
    emailPath: 'email',
    namePath: 'name',
  })
}

async function signInAs(person: string): Promise<Page> {
  return browse(person, 20)
}

/** Where Pocket ID sends the browser back to. */
async function comeBack(person: string): Promise<string> {
  return (await browse(person, 0)).headers.get('location') ?? ''
}

async function browse(person: string, redirects: number): Promise<Page> {
  const browser = createBrowser(pangolins.certificate.cert)
  const people = await browser.open(await startUrl(browser))
  return browser.open(linkIn(people, new RegExp(`href="([^"]*)">${person}`)), { redirects })
}

async function startUrl(browser = createBrowser(pangolins.certificate.cert)): Promise<string> {
  return linkIn(await browser.open(`${pangolin.url}/`), /href="([^"]*)">People/)
}

function linkIn({ text, url }: Page, pattern: RegExp): string {
  const link = pattern.exec(text)?.[1]
  if (link === undefined) throw new Error(`${url} has no such link: ${text.slice(0, 300)}`)
  return new URL(link.replaceAll('&amp;', '&'), url).href
}
