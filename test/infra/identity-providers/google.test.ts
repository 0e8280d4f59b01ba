import { generateKeyPairSync } from 'node:crypto'

import * as pulumi from '@pulumi/pulumi'
import { importPKCS8, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'

import { google, type GoogleSettings } from '../../../infra/config/identity-providers/google.ts'
import { parseStack, serviceAccountKeyMistake, StackConfigError } from '../../../infra/config/index.ts'
import { broughtCredentials } from '../../../infra/identity-providers/brought-client.ts'
import { DIRECTORY_SCOPES, directoryCredential } from '../../../infra/identity-providers/google/directory.ts'
import { byHand } from '../../../infra/identity-providers/google/inputs.ts'
import { createCertificate, type TestCertificate } from '../../support/idp/index.ts'
import { type GoogleVendor, startGoogle } from '../../support/idp/google/index.ts'
import { createBrowser } from '../../support/browser.ts'

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
const key = {
  type: 'service_account',
  client_email: 'directory@acme.iam.gserviceaccount.com',
  private_key: pem,
  token_uri: 'https://oauth2.googleapis.com/token',
}
const client = { id: '7-a.apps.googleusercontent.com', secret: 'GOCSPX-present' }
const smallest = { kind: 'google', client }
const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.example (production)',
  redirectUris: ['https://login.acme.example/callback/google'],
  postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
  homeUrl: 'https://login.acme.example',
  pkce: true,
}

/** Lines as a person reads them who previews a stack with this provider. */
function mistakes(settings: object): string[] {
  const route = { from: 'https://app.acme.example', to: 'http://app:3000', allow: 'true' }
  try {
    parseStack({ url: 'https://login.acme.example', identityProviders: { google: settings }, routes: { app: route } })
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

function parsed(settings: object): GoogleSettings {
  return google.parse(settings)
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve))
}

describe('settings', () => {
  it('need a client and nothing else', () => {
    expect(mistakes(smallest)).toEqual([])
    expect(parsed(smallest)).toMatchObject({
      issuer: 'https://accounts.google.com',
      scopes: ['openid', 'profile', 'email'],
    })
  })

  it('refuse scopes that Google does not have', () => {
    const [line] = mistakes({ ...smallest, scopes: ['openid', 'email', 'offline_access'] })
    expect(line).toMatch(/^gatewright:identityProviders\.google\.scopes Google has neither offline_access nor groups/)
  })

  it.each<[string, string, string]>([
    ['an API key', 'AIzaSyA-not-for-anybody', 'is no JSON'],
    [
      'a client',
      JSON.stringify({ web: { client_id: 'x', client_secret: 'GOCSPX-other' } }),
      'is the JSON of a sign-in client',
    ],
    [
      'a person',
      JSON.stringify({ type: 'authorized_user', refresh_token: '1//token' }),
      "is a person's own credential",
    ],
    ['a list', '["GOCSPX-in-a-list"]', 'has no "type"'],
    [
      'a key without key',
      JSON.stringify({ ...key, private_key: undefined, token_uri: '' }),
      'has no private_key and no token_uri',
    ],
    [
      'a broken key',
      JSON.stringify({ ...key, private_key: '-----BEGIN PRIVATE KEY-----\nMIIE' }),
      'has a private_key that is no RSA key',
    ],
  ])('refuse %s in place of a service account’s key, without repeating it', (_what, text, words) => {
    const lines = mistakes({ ...smallest, directory: { serviceAccountKey: text, impersonate: 'admin@acme.example' } })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`gatewright:identityProviders.google.directory.serviceAccountKey ${words}`)
    expect(lines[0]).toContain('IAM & Admin > Service accounts > Keys')
    for (const part of text.split(/[":,{}[\]\s]+/).filter((word) => word.length > 14))
      expect(lines[0]).not.toContain(part)
  })

  it('refuse a directory without an administrator to read for', () => {
    const directory = { serviceAccountKey: JSON.stringify(key) }
    expect(mistakes({ ...smallest, directory })).toEqual([
      'gatewright:identityProviders.google.directory.impersonate is missing',
    ])
  })

  it('take the whole key', () => {
    expect(serviceAccountKeyMistake(JSON.stringify(key, null, 2))).toBeUndefined()
  })
})

describe('by hand', () => {
  it('names the exact callback, the client, and where to paste it', () => {
    const lines = byHand(smallest.client.id, request.redirectUris, parsed(smallest)).split('\n')
    expect(lines).toContain('  https://login.acme.example/callback/google')
    expect(lines[0]).toMatch(/console\.cloud\.google\.com\/auth\/clients.*7-a\.apps\.googleusercontent\.com/)
    expect(lines.join('\n')).not.toMatch(/GOCSPX|signed-out|domainwidedelegation/)
  })

  it('names the scopes to delegate where the directory is asked for', () => {
    const directory = { serviceAccountKey: JSON.stringify(key), impersonate: 'admin@acme.example' }
    const text = byHand(smallest.client.id, request.redirectUris, parsed({ ...smallest, directory }))
    for (const words of [...DIRECTORY_SCOPES, 'admin@acme.example', 'domainwidedelegation'])
      expect(text).toContain(words)
    expect(text).not.toContain('PRIVATE KEY')
  })
})

describe('credentials', () => {
  it('are one, or two while a secret takes over from the former one, and always secret', async () => {
    const one = broughtCredentials(parsed(smallest).client)
    expect(one.map(({ name }) => name)).toEqual(['present'])
    const two = broughtCredentials(
      parsed({ ...smallest, client: { ...client, previousSecret: 'GOCSPX-former' } }).client,
    )
    expect(two.map(({ name }) => name)).toEqual(['present', 'previous'])
    expect(await Promise.all(two.map(({ clientId }) => valueOf(clientId)))).toEqual([client.id, client.id])
    expect(await Promise.all(two.map(({ clientSecret }) => valueOf(clientSecret ?? pulumi.output('none'))))).toEqual([
      'GOCSPX-present',
      'GOCSPX-former',
    ])
    expect(
      await Promise.all(two.map(({ clientSecret }) => pulumi.isSecret(clientSecret ?? pulumi.output('none')))),
    ).toEqual([true, true])
  })
})

describe('with Google', () => {
  let certificate: TestCertificate
  let vendor: GoogleVendor
  beforeAll(async () => {
    certificate = createCertificate()
    vendor = await startGoogle(certificate)
  })
  afterAll(async () => {
    await vendor.close()
    certificate.remove()
  })

  it('ends on a page that names the mistake where the callback was not pasted, or a scope does not exist', async () => {
    const query = (scope: string) =>
      new URLSearchParams({
        client_id: vendor.tenant.client.id,
        redirect_uri: 'https://login.acme.example/callback/google',
        response_type: 'code',
        scope,
      }).toString()
    const issuer = String(vendor.settings['issuer'])
    const browser = createBrowser(certificate.cert)
    const open = (scope: string) => browser.open(`${issuer}/o/oauth2/v2/auth?${query(scope)}`)
    expect(await open('openid')).toMatchObject({ status: 400, text: expect.stringContaining('redirect_uri_mismatch') })
    vendor.tamper('https://login.acme.example/callback/google')
    expect((await open('openid')).text).toContain('Alice Archer')
    expect((await open('openid offline_access')).text).toContain('invalid_scope')
  })

  it('opens the directory, and nothing before the administrator has delegated it', async () => {
    const credential = await valueOf(directoryCredential('google', settingsOf(vendor)))
    if (credential.kind !== 'google') throw new TypeError('another kind')
    expect(await tokenFor(credential)).toMatchObject({ status: 401, body: { error: 'unauthorized_client' } })
    vendor.tenant.delegated.set(vendor.tenant.serviceAccountKey.client_id, DIRECTORY_SCOPES)
    const stranger = { ...credential, impersonate: 'nobody@acme.example' }
    expect(await tokenFor(stranger)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const { body } = await tokenFor(credential)
    const root = `${credential.apiUrl}/admin/directory/v1`
    const names = async (path: string, list: string, field: string) =>
      (await everyPage(`${root}${path}`, list, String(body['access_token']))).map((item) => item[field])
    expect(await names('/users?customer=my_customer', 'users', 'primaryEmail')).toEqual([
      'alice@acme.example',
      'bob@partner.example',
      'carol@acme.example',
    ])
    expect(await names('/groups?customer=my_customer', 'groups', 'name')).toEqual(['staff', 'admins', 'contractors'])
    expect(await names('/groups/staff@acme.example/members', 'members', 'email')).toEqual([
      'alice@acme.example',
      'carol@acme.example',
    ])
  })

  it('lets no person read it who is no administrator', async () => {
    vendor.tenant.delegated.set(vendor.tenant.serviceAccountKey.client_id, DIRECTORY_SCOPES)
    const credential = await valueOf(directoryCredential('google', settingsOf(vendor)))
    if (credential.kind !== 'google') throw new TypeError('another kind')
    const { body } = await tokenFor({ ...credential, impersonate: 'carol@acme.example' })
    const url = `${credential.apiUrl}/admin/directory/v1/users?customer=my_customer`
    const answer = await ask(url, { authorization: `Bearer ${String(body['access_token'])}` })
    expect(answer).toMatchObject({ status: 403, body: { error: { errors: [{ reason: 'forbidden' }] } } })
  })

  type Asked = { status: number; body: Record<string, unknown> }

  async function ask(url: string, headers: Record<string, string>, body?: string): Promise<Asked> {
    const answer = await createBrowser(certificate.cert).open(url, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers,
    })
    return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(JSON.parse(answer.text)) }
  }

  /** What the runtime's directory does with the credential (RFC 7523 §2.1). */
  async function tokenFor(credential: { serviceAccountKey: string; impersonate: string; scopes: string[] }) {
    const account = JSON.parse(credential.serviceAccountKey) as typeof key
    const assertion = await new SignJWT({ scope: credential.scopes.join(' ') })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(account.client_email)
      .setSubject(credential.impersonate)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime('10 minutes')
      .sign(await importPKCS8(account.private_key, 'RS256'))
    const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    return ask(account.token_uri, { 'content-type': 'application/x-www-form-urlencoded' }, form.toString())
  }

  async function everyPage(url: string, list: string, token: string): Promise<Record<string, unknown>[]> {
    const { body } = await ask(url, { authorization: `Bearer ${token}` })
    const items = z.array(z.record(z.string(), z.unknown())).parse(body[list])
    const { nextPageToken: next } = body
    if (typeof next !== 'string') return items
    const further = new URL(url)
    further.searchParams.set('pageToken', next)
    return [...items, ...(await everyPage(further.href, list, token))]
  }
})

function settingsOf({ settings, environment }: GoogleVendor): NonNullable<GoogleSettings['directory']> {
  const directory = { ...(settings['directory'] as object), serviceAccountKey: environment['ACME_GOOGLE_KEY'] }
  const { directory: made } = parsed({ ...settings, client, directory })
  if (!made) throw new TypeError('no directory')
  return made
}
