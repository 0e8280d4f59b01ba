import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'

import { judgeAnswer } from '../../../../infra/provider/oidc/proof-answer.ts'
import { advance, isProven, START, waitAfter } from '../../../../infra/provider/oidc/proof-course.ts'
import { tokenRequest } from '../../../../infra/provider/oidc/proof-request.ts'
import { createCredentialProofType } from '../../../../infra/provider/oidc/proof.ts'
import { createClientType } from '../../../../infra/provider/oidc/client.ts'
import { openJournal } from '../../../../infra/provider/oidc/journal.ts'
import type { ProviderError } from '../../../../infra/provider/errors.ts'
import { UNKNOWN } from '../../../../infra/provider/properties.ts'
import { callFor } from '../../../support/provider/call.ts'
import { startRegistrationServer } from '../../../support/provider/registration-server.ts'

const redirectUri = 'https://login.acme.example/callback/idp'
const credential = { clientId: 'client-1', clientSecret: 's3cret/of+client', authMethod: 'client_secret_post' } as const
const immediately = async () => {}
const servers: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

type Scripted = { status: number; body: unknown }
const good = { status: 400, body: { error: 'invalid_grant' } }
const bad = { status: 401, body: { error: 'invalid_client', error_description: 'no s3cret/of+client here' } }

/** An issuer whose token endpoint gives these answers, the last one again and again. */
async function startIssuer(answers: Scripted[], change: (document: object) => object = (document) => document) {
  const forms: URLSearchParams[] = []
  const authorizations: (string | undefined)[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request)
    const discovering = request.url === '/.well-known/openid-configuration'
    if (!discovering) {
      forms.push(new URLSearchParams(body))
      authorizations.push(request.headers.authorization)
    }
    const scripted = discovering
      ? { status: 200, body: change({ issuer, token_endpoint: `${issuer}/token` }) }
      : (answers[Math.min(forms.length, answers.length) - 1] ?? good)
    response.writeHead(scripted.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(scripted.body))
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  servers.push({
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  return { issuer, forms, authorizations, inputs: { issuer, redirectUri, ...credential } }
}

/** A call whose time is over after so many waits. */
function impatient(waits: number, reason: unknown = new DOMException('too slow', 'TimeoutError')) {
  const controller = new AbortController()
  let left = waits
  const pause = async () => {
    left -= 1
    if (left <= 0) controller.abort(reason)
  }
  return { call: { ...callFor('proof'), signal: controller.signal }, pause }
}

describe('judgeAnswer', () => {
  const entra = (code: string) => `AADSTS${code}: words. Trace ID: 1`
  it.each([
    [
      'Okta',
      'code',
      400,
      { error: 'invalid_grant', error_description: 'The authorization code is invalid' },
      'accepted',
    ],
    ['Okta', 'code', 401, { error: 'invalid_client', error_description: 'The client secret is invalid.' }, 'refused'],
    ['Auth0', 'code', 403, { error: 'invalid_grant', error_description: 'Invalid authorization code' }, 'accepted'],
    ['Auth0', 'code', 401, { error: 'access_denied', error_description: 'Unauthorized' }, 'refused'],
    ['Auth0 without the grant', 'code', 403, { error: 'unauthorized_client' }, 'refused'],
    ['Keycloak', 'code', 400, { error: 'invalid_grant', error_description: 'Code not valid' }, 'accepted'],
    ['Keycloak', 'code', 401, { error: 'unauthorized_client' }, 'refused'],
    ['PingOne', 'code', 400, { error: 'invalid_grant' }, 'accepted'],
    ['PingOne', 'code', 401, { error: 'invalid_client' }, 'refused'],
    ['Google', 'code', 400, { error: 'invalid_grant', error_description: 'Malformed auth code.' }, 'accepted'],
    ['Google', 'code', 400, { error: 'redirect_uri_mismatch' }, 'accepted'],
    ['Google', 'code', 401, { error: 'invalid_client', error_description: 'Unauthorized' }, 'refused'],
    ['Pocket ID 2.14', 'code', 400, { error: 'invalid_grant' }, 'accepted'],
    ['Pocket ID 2.14', 'code', 401, { error: 'invalid_client' }, 'refused'],
    ['Pocket ID 1', 'code', 400, { error: 'Invalid authorization code' }, 'accepted'],
    ['Pocket ID 1', 'code', 400, { error: 'Invalid client secret' }, 'refused'],
    ['RFC 6749, older servers', 'code', 400, { error: 'invalid_client' }, 'refused'],
    ['Entra', 'code', 400, { error: 'invalid_grant', error_description: entra('9002313') }, 'undecided'],
    ['Entra', 'code', 401, { error: 'invalid_client', error_description: entra('7000215') }, 'refused'],
    [
      'Entra, not everywhere yet',
      'code',
      400,
      { error: 'unauthorized_client', error_description: entra('700016') },
      'refused',
    ],
    ['Entra', 'client', 401, { error: 'invalid_client', error_description: entra('7000215') }, 'refused'],
    ['Entra', 'client', 200, { access_token: 'x', token_type: 'Bearer' }, 'accepted'],
    [
      'Entra, assignment required',
      'client',
      400,
      { error: 'invalid_grant', error_description: entra('501051') },
      'accepted',
    ],
    ['a busy server', 'code', 429, { error: 'access_denied' }, 'unanswered'],
    ['a broken server', 'code', 503, { error: 'invalid_grant' }, 'unanswered'],
    ['a firewall', 'code', 403, undefined, 'unanswered'],
    ['a page', 'code', 200, undefined, 'unanswered'],
    ['another endpoint', 'code', 404, { error: 'not_found' }, 'unanswered'],
    ['a text', 'code', 400, 'invalid_grant', 'unanswered'],
  ] as const)('reads %s (%s, %i, %j)', (_vendor, grant, status, body, verdict) => {
    expect(judgeAnswer(grant, { status, body })).toBe(verdict)
  })
})

describe('course', () => {
  const after = (...verdicts: Parameters<typeof advance>[1][]) =>
    verdicts.reduce((course, verdict) => advance(course, verdict, verdict), START)

  it('believes the first acceptance where there was no refusal', () => {
    expect(isProven(after('unanswered', 'accepted'))).toBe(true)
  })

  it('wants three acceptances in a row after a refusal', () => {
    expect(isProven(after('refused', 'accepted', 'accepted'))).toBe(false)
    expect(isProven(after('refused', 'accepted', 'accepted', 'refused', 'accepted'))).toBe(false)
    expect(isProven(after('refused', 'accepted', 'unanswered', 'accepted', 'accepted'))).toBe(true)
  })

  it('is never proven by answers that say nothing', () => {
    expect(isProven(after('unanswered', 'undecided', 'unanswered', 'unanswered'))).toBe(false)
  })

  it('waits twice as long each time, ten seconds at most, and briefly between acceptances', () => {
    const waits = Array.from({ length: 8 }, (_, index) => waitAfter({ ...START, waits: index }))
    expect(waits).toEqual([500, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
  })
})

describe('tokenRequest', () => {
  it('asks with a code and a verifier of its own, each time another', async () => {
    const asked = [0, 1].map(() => tokenRequest({ issuer: '', redirectUri, ...credential }, 'code'))
    const [first, second] = await Promise.all(asked)
    expect(Object.keys(Object.fromEntries(first ?? []))).toEqual([
      'grant_type',
      'code',
      'code_verifier',
      'redirect_uri',
      'client_id',
      'client_secret',
    ])
    expect(first?.get('code')).toMatch(/^[\w-]{43}$/)
    expect(first?.get('code')).not.toBe(second?.get('code'))
  })

  it('leaves the credential to the header where the client is to send it there', async () => {
    const shown = { issuer: '', redirectUri, ...credential, authMethod: 'client_secret_basic' as const }
    const form = await tokenRequest(shown, 'code')
    expect([form.has('client_id'), form.has('client_secret')]).toEqual([false, false])
  })

  it.each(['ES256', 'RS256'])('signs with a key for %s and never sends it', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...(await exportJWK(privateKey)), kid: 'k' }
    const shown = { issuer: 'https://idp.example', redirectUri, clientId: 'client', clientSecret: JSON.stringify(jwk) }
    const form = await tokenRequest({ ...shown, authMethod: 'private_key_jwt' }, 'code')
    const assertion = form.get('client_assertion') ?? ''
    const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
      issuer: 'client',
      subject: 'client',
      audience: 'https://idp.example',
      maxTokenAge: 60,
      requiredClaims: ['jti', 'exp'],
    })
    expect(protectedHeader).toEqual({ alg, kid: 'k' })
    expect(payload.aud).toBe('https://idp.example')
    expect(form.has('client_secret')).toBe(false)
    expect(form.toString()).not.toContain(jwk.d)
  })

  it.each(['pasted text', '{"kty":"oct","k":"AAAA"}'])(
    'says nothing of a key that is none: %s',
    async (clientSecret) => {
      const shown = {
        issuer: '',
        redirectUri,
        clientId: 'client',
        clientSecret,
        authMethod: 'private_key_jwt' as const,
      }
      await expect(tokenRequest(shown, 'code')).rejects.toThrow(/private key/)
      await expect(tokenRequest(shown, 'code')).rejects.not.toThrow(clientSecret)
    },
  )
})

describe('create', () => {
  it('gives the secret on when the server takes it, and says when', async () => {
    const { inputs, forms } = await startIssuer([good])
    const before = Date.now()
    const { outputs } = await createCredentialProofType(immediately).create(callFor('proof'), inputs)
    expect(outputs).toMatchObject(inputs)
    expect(Date.parse(textOf(outputs['provenAt']))).toBeGreaterThanOrEqual(before)
    expect(forms.map((form) => [form.get('client_secret'), form.get('redirect_uri')])).toEqual([
      [credential.clientSecret, redirectUri],
    ])
  })

  it('asks again until all servers of the vendor know it', async () => {
    const { inputs, forms } = await startIssuer([bad, good, bad, good, good, good, bad])
    await createCredentialProofType(immediately).create(callFor('proof'), inputs)
    expect(forms).toHaveLength(6)
  })

  it('shows Entra the secret with a grant that nothing else is judged before', async () => {
    const early = {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'AADSTS9002313: Invalid request.' },
    }
    const { inputs, forms } = await startIssuer([early, { status: 200, body: { access_token: 'of nobody' } }])
    await createCredentialProofType(immediately).create(callFor('proof'), inputs)
    expect(forms.map((form) => form.get('grant_type'))).toEqual(['authorization_code', 'client_credentials'])
    expect(forms[1]?.get('scope')).toBe('client-1/.default')
  })

  it('sends the form-encoded credential in the header where that is the method', async () => {
    const { inputs, authorizations } = await startIssuer([good])
    const basic = { ...inputs, authMethod: 'client_secret_basic' }
    await createCredentialProofType(immediately).create(callFor('proof'), basic)
    const sent = Buffer.from(authorizations[0]?.replace('Basic ', '') ?? '', 'base64').toString()
    expect(sent).toBe('client-1:s3cret%2Fof%2Bclient')
  })

  it('gives up in time, with what the server said and without the secret', async () => {
    const { inputs, forms } = await startIssuer([bad])
    const { call, pause } = impatient(4)
    const making = createCredentialProofType(pause).create(call, inputs)
    const failure = await making.then(
      () => undefined,
      (error: ProviderError) => error,
    )
    expect(failure?.code).toBe('credential_refused')
    expect(failure?.message).toMatch(/client-1 in time: it answered 401 \(invalid_client: no \[secret\] here\)/)
    expect(failure?.message).not.toContain(credential.clientSecret)
    expect(forms).toHaveLength(4)
  })

  it('gives up when the deployment is cancelled', async () => {
    const { inputs } = await startIssuer([bad])
    const { call, pause } = impatient(1, new Error('the deployment was cancelled'))
    await expect(createCredentialProofType(pause).create(call, inputs)).rejects.toThrow(
      /before the deployment was cancel/,
    )
  })

  it('calls a server that never says anything unreachable', async () => {
    const { inputs } = await startIssuer([{ status: 403, body: null }])
    const { call, pause } = impatient(3)
    await expect(createCredentialProofType(pause).create(call, inputs)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it.each([
    ['speaks for another issuer', { issuer: 'https://evil.example' }, 'issuer_mismatch'],
    ['has no token endpoint', { token_endpoint: undefined }, 'discovery_failed'],
    ['wants the secret without TLS', { token_endpoint: 'http://collector.example/token' }, 'discovery_failed'],
  ])('sends nothing to a server whose discovery document %s', async (_what, lie, code) => {
    const { inputs, forms } = await startIssuer([good], (document) => ({ ...document, ...lie }))
    const making = createCredentialProofType(immediately).create(callFor('proof'), inputs)
    await expect(making).rejects.toMatchObject({ code })
    expect(forms).toEqual([])
  })

  it('does not go on asking where there is no such issuer', async () => {
    const { inputs } = await startIssuer([good])
    await servers.pop()?.close()
    let waits = 0
    const counting = async () => void (waits += 1)
    const making = createCredentialProofType(counting).create(callFor('proof'), inputs)
    await expect(making).rejects.toMatchObject({ code: 'unreachable' })
    expect(waits).toBeLessThan(10)
  })

  it('tells a real provider’s good secret from a bad one', async () => {
    await using server = await startRegistrationServer()
    const clients = createClientType(openJournal('/nonexistent'))
    const { outputs } = await clients.create(callFor('client'), {
      issuer: server.issuer,
      clientName: 'proof',
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [],
      grantTypes: ['authorization_code'],
      tokenEndpointAuthMethod: 'client_secret_basic',
      initialAccessToken: server.initialAccessToken,
    })
    const clientId = textOf(outputs['clientId'])
    const shown = { issuer: server.issuer, clientId, authMethod: 'client_secret_basic', redirectUri }
    const right = { ...shown, clientSecret: textOf(outputs['clientSecret']) }
    await createCredentialProofType(immediately).create(callFor('proof'), right)
    const { call, pause } = impatient(2)
    const wrong = createCredentialProofType(pause).create(call, { ...shown, clientSecret: 'wrong' })
    await expect(wrong).rejects.toMatchObject({ code: 'credential_refused' })
  })
})

describe('the other verbs', () => {
  const type = createCredentialProofType(immediately)
  const inputs = { issuer: 'https://idp.example', redirectUri, ...credential }
  const state = { ...inputs, provenAt: '2026-01-02T03:04:05.000Z' }

  it('previews a first proof with the secret known, and asks nobody', () => {
    expect(type.plan(inputs, undefined)).toEqual({ ...inputs, provenAt: UNKNOWN })
  })

  it('keeps the date in the preview of a change that leaves the pair as it is', () => {
    const changed = { ...inputs, authMethod: 'client_secret_basic' }
    expect(type.plan(changed, state)).toEqual({ ...changed, provenAt: state.provenAt })
    expect(type.plan({ ...inputs, clientSecret: 'next' }, state)['provenAt']).toBe(UNKNOWN)
    expect(type.plan({ ...inputs, clientSecret: UNKNOWN }, state)['provenAt']).toBe(UNKNOWN)
  })

  it('changes in place, and only what differs', async () => {
    const request = { urn: 'urn', state, oldInputs: inputs }
    expect(await type.diff({ ...request, newInputs: inputs })).toEqual([])
    expect(
      await type.diff({ ...request, newInputs: { ...inputs, clientId: 'client-2', clientSecret: 'next' } }),
    ).toEqual([
      { path: ['clientId'], kind: 'update', replaces: false },
      { path: ['clientSecret'], kind: 'update', replaces: false },
    ])
  })

  it('proves again at an update, with a new date for a new pair only', async () => {
    const issuer = await startIssuer([good])
    const before = { ...issuer.inputs, provenAt: state.provenAt }
    const basic = { ...issuer.inputs, authMethod: 'client_secret_basic' }
    expect(await type.update(callFor('proof'), 'id', before, basic)).toEqual({ ...basic, provenAt: state.provenAt })
    const next = await type.update(callFor('proof'), 'id', before, { ...issuer.inputs, clientSecret: 'next' })
    expect(next['provenAt']).not.toBe(state.provenAt)
    expect(issuer.forms).toHaveLength(2)
  })

  it('reads the state without showing the secret to anybody', async () => {
    const issuer = await startIssuer([good])
    const recorded = { ...issuer.inputs, provenAt: state.provenAt }
    expect(await type.read(callFor('proof'), 'id', recorded, issuer.inputs)).toEqual({
      inputs: issuer.inputs,
      outputs: recorded,
    })
    expect(issuer.forms).toEqual([])
  })

  it('cannot be imported', async () => {
    await expect(type.read(callFor('proof'), 'id', {}, {})).rejects.toMatchObject({ code: 'import_unsupported' })
  })

  it('refuses an issuer without TLS and an empty secret', () => {
    const { failures } = type.check({ ...inputs, issuer: 'http://idp.example', clientSecret: '' })
    expect(failures.map(({ property }) => property)).toEqual(['issuer', 'clientSecret'])
  })
})

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text')
  return value
}
