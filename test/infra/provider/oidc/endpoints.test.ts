import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import { createEndpointsType } from '../../../../infra/provider/oidc/endpoints.ts'
import { UNKNOWN } from '../../../../infra/provider/properties.ts'
import { callFor } from '../../../support/provider/call.ts'

const type = createEndpointsType(async () => {})
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** An issuer whose discovery document has these members; a status other than 200 has none. */
async function startIssuer(members: (issuer: string) => object, status = () => 200) {
  const server = createServer((_request, response) => {
    response.writeHead(status(), { 'content-type': 'application/json' })
    response.end(JSON.stringify({ issuer, ...members(issuer) }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return issuer
}

const whole = (issuer: string) => ({
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  end_session_endpoint: `${issuer}/logout`,
})

describe('endpoints', () => {
  it('are those that the issuer says', async () => {
    const issuer = await startIssuer(whole)
    expect(await type.create(callFor('endpoints'), { issuer })).toEqual({
      id: issuer,
      outputs: {
        issuer,
        authorization: `${issuer}/authorize`,
        token: `${issuer}/token`,
        userinfo: `${issuer}/userinfo`,
        endSession: `${issuer}/logout`,
      },
    })
  })

  it('that the issuer does not have are empty', async () => {
    const issuer = await startIssuer((at) => ({ authorization_endpoint: `${at}/a`, token_endpoint: `${at}/t` }))
    const { outputs } = await type.create(callFor('endpoints'), { issuer })
    expect(outputs).toMatchObject({ userinfo: '', endSession: '' })
  })

  it('in the open on another host are refused: a secret would be sent there', async () => {
    const issuer = await startIssuer((at) => ({ ...whole(at), token_endpoint: 'http://elsewhere.example/token' }))
    const made = type.create(callFor('endpoints'), { issuer })
    await expect(made).rejects.toMatchObject({ code: 'discovery_failed' })
    await expect(made).rejects.toThrow('token_endpoint')
  })

  it('are not asked for in a preview: known of an issuer that stays, unknown of another one', () => {
    const state = { issuer: 'https://a.example', authorization: 'a', token: 't', userinfo: 'u', endSession: '' }
    expect(type.plan({ issuer: 'https://a.example' }, state)).toEqual(state)
    expect(type.plan({ issuer: 'https://b.example' }, state)).toMatchObject({ token: UNKNOWN, endSession: UNKNOWN })
    expect(type.plan({ issuer: 'https://a.example' }, undefined)).toMatchObject({ token: UNKNOWN })
  })

  it('stay as they were while the issuer cannot be asked, and change when it says others', async () => {
    let status = 200
    const issuer = await startIssuer(whole, () => status)
    const { id, outputs } = await type.create(callFor('endpoints'), { issuer })
    const moved = { ...outputs, token: `${issuer}/former` }
    expect(await type.read(callFor('endpoints'), id, moved, { issuer })).toEqual({ inputs: { issuer }, outputs })
    status = 404
    const read = await type.read(callFor('endpoints'), id, moved, { issuer })
    expect(read).toEqual({ inputs: { issuer }, outputs: moved })
    await expect(type.read(callFor('endpoints'), id, {}, {})).rejects.toMatchObject({ code: 'discovery_failed' })
  })
})
