import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { InitializationFailure } from '../../../../infra/provider/errors.ts'
import { createClientType } from '../../../../infra/provider/oidc/client.ts'
import { openJournal } from '../../../../infra/provider/oidc/journal.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { callFor } from '../../../support/provider/call.ts'
import { startRegistrationServer, type RegistrationServer } from '../../../support/provider/registration-server.ts'

const call = callFor('okta-gateway')
let server: RegistrationServer
let journalFolder: string
let client: ResourceType

beforeEach(async () => {
  server = await startRegistrationServer()
  journalFolder = await mkdtemp(join(tmpdir(), 'gatewright-journal-'))
  client = createClientType(openJournal(journalFolder))
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await rm(journalFolder, { recursive: true, force: true })
})

describe('create', () => {
  it('registers the client and gives its credentials', async () => {
    const { id, outputs } = await client.create(call, inputs())
    expect(server.clientIds()).toEqual([id])
    expect(server.client(id)).toMatchObject({
      client_name: 'Gatewright (test)',
      redirect_uris: ['https://login.example/callback/okta'],
      post_logout_redirect_uris: ['https://login.example/signed-out'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
    expect(outputs).toMatchObject({ ...inputs(), clientId: id, clientSecretExpiresAt: 0 })
    expect(outputs['clientSecret']).toBe(server.client(id)['client_secret'])
    expect(outputs).not.toHaveProperty('substituted')
  })

  it('registers back-channel sign-out, which shows when somebody takes it away', async () => {
    const wish = {
      ...inputs(),
      backChannelLogoutUri: 'https://login.example/back-channel-logout/okta',
      backChannelLogoutSessionRequired: true,
    }
    const { id, outputs } = await client.create(call, wish)
    expect(server.client(id)).toMatchObject({
      backchannel_logout_uri: 'https://login.example/back-channel-logout/okta',
      backchannel_logout_session_required: true,
    })
    expect(outputs).not.toHaveProperty('substituted')
    Object.assign(server.client(id), {
      backchannel_logout_uri: 'https://evil.example/',
      backchannel_logout_session_required: false,
    })
    const found = await client.read(call, id, outputs, wish)
    expect(found).toMatchObject({
      inputs: { backChannelLogoutUri: 'https://evil.example/', backChannelLogoutSessionRequired: false },
    })
  })

  it('registers keys instead of a secret, exchanges them in place, and sees a strange one', async () => {
    const [first, second] = await Promise.all(['first', 'second'].map(publicKey))
    const withKeys = (...keys: Record<string, string>[]) => ({
      ...inputs(),
      tokenEndpointAuthMethod: 'private_key_jwt',
      tokenEndpointAuthSigningAlg: 'ES256',
      jwks: { keys },
    })
    const { id, outputs } = await client.create(call, withKeys(first!))
    expect(outputs['clientSecret']).toBe('')
    const after = await client.update(call, id, outputs, withKeys(first!, second!))
    expect(server.clientIds()).toEqual([id])
    expect(server.client(id)['jwks']).toEqual({ keys: [first, second] })
    const read = await client.read(call, id, after, withKeys(first!, second!))
    expect(read).toMatchObject({ inputs: withKeys(first!, second!) })
    if (read === 'gone') throw new Error('gone')
    Object.assign(server.client(id), { jwks: { keys: [second] } })
    const drifted = await client.read(call, id, read.outputs, withKeys(first!, second!))
    expect(drifted).toMatchObject({ inputs: { jwks: { keys: [second] } } })
  })

  it('registers a client without any credential', async () => {
    const { id, outputs } = await client.create(call, { ...inputs(), tokenEndpointAuthMethod: 'none' })
    expect(server.client(id)['token_endpoint_auth_method']).toBe('none')
    expect(outputs['clientSecret']).toBe('')
  })

  it('refuses a private key among the public ones', async () => {
    const jwks = { keys: [{ ...(await publicKey('first')), d: 'AAAA' }] }
    const { failures } = client.check({ ...inputs(), tokenEndpointAuthMethod: 'private_key_jwt', jwks })
    expect(failures).toEqual([{ property: 'jwks', reason: 'keys.0: this key is private' }])
  })

  it('adopts the client of a deployment that died before the state was written, and makes no twin', async () => {
    const { id } = await client.create(call, inputs())
    const changed = { ...inputs(), clientName: 'Renamed' }
    const second = await client.create(call, changed)
    expect(second.id).toBe(id)
    expect(server.clientIds()).toEqual([id])
    expect(server.client(id)['client_name']).toBe('Renamed')
    await expect(client.read(call, id, second.outputs, changed)).resolves.not.toBe('gone')
  })

  it('registers anew when the client of the journal is gone', async () => {
    const first = await client.create(call, inputs())
    server.remove(first.id)
    const second = await client.create(call, inputs())
    expect(second.id).not.toBe(first.id)
    expect(server.clientIds()).toEqual([second.id])
  })

  it('stops at a journal entry that it cannot open, and registers nothing', async () => {
    const { id } = await client.create(call, inputs())
    const other = { ...inputs(), initialAccessToken: 'another-token' }
    const lasting = createClientType(openJournal(journalFolder), () => false)
    await expect(lasting.create(call, other)).rejects.toMatchObject({ code: 'journal_unreadable' })
    expect(server.clientIds()).toEqual([id])
  })

  it('forgets a journal entry of a provider on this machine that took its token along', async () => {
    await client.create(call, { ...inputs(), initialAccessToken: server.initialAccessToken })
    const [before] = await readdir(journalFolder)
    expect(before).toBeDefined()
    const other = { ...inputs(), initialAccessToken: 'another-token' }
    await expect(client.create(call, other)).rejects.toMatchObject({ code: 'registration_refused' })
    expect(await readdir(journalFolder)).toEqual([])
  })

  it('counts a client as deleted whose provider on this machine is gone', async () => {
    const { outputs } = await client.create(call, inputs())
    const state = { ...outputs, registrationClientUri: 'http://127.0.0.1:9/reg/x' }
    await client.delete(call, state)
    const lasting = createClientType(openJournal(journalFolder), () => false)
    await expect(lasting.delete(call, state)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('journals nothing without an initial access token to seal with', async () => {
    const { initialAccessToken: _, ...open } = inputs()
    await expect(client.create(call, open)).rejects.toMatchObject({ code: 'registration_refused' })
    expect(await readdir(journalFolder)).toEqual([])
  })

  it('denies a discovery document of another issuer before it sends the token anywhere', async () => {
    const issuer = server.issuer.replace('127.0.0.1', 'localhost')
    await expect(client.create(call, { ...inputs(), issuer })).rejects.toMatchObject({ code: 'issuer_mismatch' })
    expect(server.requests).toEqual(['GET /.well-known/openid-configuration'])
  })

  it('keeps a client that the server registered with other redirect URIs in the state, and fails', async () => {
    server.intercept((request, respond) => {
      if (request.method !== 'POST') return false
      const told = { client_id: 'c1', client_secret: 's1', redirect_uris: ['https://other.example/cb'] }
      const management = { registration_client_uri: `${server.issuer}/reg/c1`, registration_access_token: 't1' }
      respond(201, { 'content-type': 'application/json' }, JSON.stringify({ ...told, ...management }))
      return true
    })
    const failure = await client.create(call, inputs()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InitializationFailure)
    expect(failure).toMatchObject({ id: 'c1', outputs: { clientId: 'c1', registrationAccessToken: 't1' } })
    expect(failure).toMatchObject({ cause: { code: 'registration_altered' } })
  })

  it("shows the server's reason, but neither the token nor a client secret", async () => {
    server.intercept((request, respond) => {
      if (request.method !== 'POST') return false
      const error = {
        error: 'invalid_token',
        error_description: `no such token: ${server.initialAccessToken}\u001b[2J`,
      }
      respond(401, { 'content-type': 'application/json' }, JSON.stringify(error))
      return true
    })
    const failure = await client.create(call, inputs()).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'registration_refused' })
    expect(String(failure)).toContain('answered 401 (invalid_token: no such token: [secret] [2J)')
  })
})

describe('read', () => {
  it('finds no drift where there is none, whatever order the server gives lists in', async () => {
    const two = { ...inputs(), redirectUris: ['https://login.example/b', 'https://login.example/a'] }
    const { id, outputs } = await client.create(call, two)
    ;(server.client(id)['redirect_uris'] as string[]).reverse()
    expect(await client.read(call, id, outputs, two)).toEqual({ inputs: two, outputs })
  })

  it('shows a callback that was added by hand, and nothing else', async () => {
    const { id, outputs } = await client.create(call, inputs())
    ;(server.client(id)['redirect_uris'] as string[]).unshift('https://evil.example/cb')
    const found = await client.read(call, id, outputs, inputs())
    if (found === 'gone') throw new Error('the client is there')
    const drifted = { ...inputs(), redirectUris: ['https://login.example/callback/okta', 'https://evil.example/cb'] }
    expect(found.inputs).toEqual(drifted)
    const changes = await client.diff({
      urn: call.urn,
      state: found.outputs,
      oldInputs: found.inputs,
      newInputs: inputs(),
    })
    expect(changes).toEqual([{ path: ['redirectUris', 1], kind: 'delete', replaces: false }])
    expect(await client.read(call, id, found.outputs, found.inputs)).toEqual(found)
  })

  it('says gone when the server says so', async () => {
    const { id, outputs } = await client.create(call, inputs())
    server.remove(id)
    expect(await client.read(call, id, outputs, inputs())).toBe('gone')
  })

  it.each([
    ['a 401 of a proxy', 401, { 'www-authenticate': 'Basic realm="proxy"' }, 'no'],
    ['a 404 page', 404, { 'content-type': 'text/html' }, '<h1>Not found</h1>'],
    ['a 503', 503, {}, '{"error":"invalid_token"}'],
  ])('does not take %s for a client that is gone', async (_title, status, headers, body) => {
    const { id, outputs } = await client.create(call, inputs())
    server.intercept((_request, respond) => (respond(status, headers, body), true))
    await expect(client.read(call, id, outputs, inputs())).rejects.toMatchObject({ code: 'registration_refused' })
  })

  it('fails when the server cannot be reached', async () => {
    const { id, outputs } = await client.create(call, inputs())
    const nowhere = { ...outputs, registrationClientUri: 'http://127.0.0.1:1/reg/x' }
    await expect(client.read(call, id, nowhere, inputs())).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('cannot take over a client by its id', async () => {
    await expect(client.read(call, 'some-id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })
})

describe('update', () => {
  const changed = () => ({ ...inputs(), redirectUris: ['https://login.example/callback/other'] })

  it('changes the client in place, keeps what is not ours, and stores the rotated token', async () => {
    const { id, outputs } = await client.create(call, inputs())
    server.client(id)['default_max_age'] = 300
    const updated = await client.update(call, id, outputs, changed())
    expect(updated).toMatchObject({ clientId: id, clientSecret: outputs['clientSecret'] })
    expect(updated['registrationAccessToken']).not.toBe(outputs['registrationAccessToken'])
    expect(server.client(id)).toMatchObject({
      redirect_uris: ['https://login.example/callback/other'],
      default_max_age: 300,
      client_secret: outputs['clientSecret'],
    })
    expect(await client.read(call, id, updated, changed())).toEqual({ inputs: changed(), outputs: updated })
  })

  it('finds the rotated token again after a deployment that died before the state was written', async () => {
    const { id, outputs } = await client.create(call, inputs())
    await client.update(call, id, outputs, changed())
    const found = await client.read(call, id, outputs, inputs())
    expect(found).toMatchObject({ inputs: { redirectUris: changed().redirectUris } })
    const updated = await client.update(call, id, outputs, changed())
    await client.delete(call, updated)
    expect(server.clientIds()).toEqual([])
    expect(await readdir(journalFolder)).toEqual([])
  })

  it('leaves the client as it was when the server refuses', async () => {
    const { id, outputs } = await client.create(call, inputs())
    const bad = { ...inputs(), redirectUris: ['not-a-url:'], grantTypes: ['client_credentials'] }
    server.intercept((request, respond) => {
      if (request.method !== 'PUT') return false
      respond(400, { 'content-type': 'application/json' }, '{"error":"invalid_redirect_uri"}')
      return true
    })
    await expect(client.update(call, id, outputs, bad)).rejects.toMatchObject({ code: 'registration_refused' })
    expect(server.client(id)['redirect_uris']).toEqual(inputs().redirectUris)
  })
})

describe('delete', () => {
  it('deletes the client, and takes one that is gone for deleted', async () => {
    const { outputs } = await client.create(call, inputs())
    await client.delete(call, outputs)
    expect(server.clientIds()).toEqual([])
    await client.delete(call, outputs)
  })

  it('fails when the server refuses', async () => {
    const { id, outputs } = await client.create(call, inputs())
    server.intercept((_request, respond) => (respond(403, {}, ''), true))
    await expect(client.delete(call, outputs)).rejects.toMatchObject({ code: 'registration_refused' })
    expect(server.clientIds()).toEqual([id])
  })
})

describe('diff', () => {
  it('removes the journal entry that the state has caught up with', async () => {
    const { outputs } = await client.create(call, inputs())
    expect(await readdir(journalFolder)).toHaveLength(1)
    const request = { urn: call.urn, state: outputs, oldInputs: inputs(), newInputs: inputs() }
    expect(await client.diff(request)).toEqual([])
    expect(await readdir(journalFolder)).toEqual([])
  })

  it('replaces only for another issuer', async () => {
    const after = { ...inputs(), issuer: 'https://other.example', clientName: 'Renamed' }
    const changes = await client.diff({ urn: call.urn, state: {}, oldInputs: inputs(), newInputs: after })
    expect(changes).toEqual([
      { path: ['issuer'], kind: 'update', replaces: true },
      { path: ['clientName'], kind: 'update', replaces: false },
    ])
  })
})

async function publicKey(kid: string): Promise<Record<string, string>> {
  const { publicKey: key } = await generateKeyPair('ES256')
  return { ...((await exportJWK(key)) as Record<string, string>), kid, alg: 'ES256', use: 'sig' }
}

function inputs() {
  return {
    issuer: server.issuer,
    initialAccessToken: server.initialAccessToken,
    clientName: 'Gatewright (test)',
    redirectUris: ['https://login.example/callback/okta'],
    postLogoutRedirectUris: ['https://login.example/signed-out'],
    grantTypes: ['authorization_code', 'refresh_token'],
    tokenEndpointAuthMethod: 'client_secret_basic',
  } satisfies Properties
}
