import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { boundedFetch } from '../../../runtime/outbound/index.ts'
import type { LogoutNotice, Provider, RefreshOutcome, SignInResult } from '../../../runtime/providers/index.ts'
import { LOGIN_URL, relyingParty, SECRET } from '../../support/evil-provider/index.ts'
import { browse, type HonestProvider, startHonestProvider } from '../../support/evil-provider/oidc-provider.ts'

/** A client that its provider tells of a logout; the types of oidc-provider leave it out. */
interface Tells {
  backchannelLogout(subject: string, sid: string): Promise<void>
}

/** Where the provider tells of a logout: what a gateway's endpoint does, without the gateway. */
const ears = createServer((request, response) => {
  const hear = async () => {
    const token = new URLSearchParams(await text(request)).get('logout_token') ?? ''
    heard.push(await gateway.verifyLogoutToken(token))
    response.writeHead(200).end()
  }
  hear().catch(() => response.writeHead(400).end())
})
const heard: LogoutNotice[] = []
let honest: HonestProvider
let gateway: Provider
beforeAll(async () => {
  await once(ears.listen(0, '127.0.0.1'), 'listening')
  const address = `http://127.0.0.1:${(ears.address() as AddressInfo).port}/`
  const client = {
    client_id: 'gateway-client',
    client_secret: SECRET,
    token_endpoint_auth_method: 'client_secret_post' as const,
  }
  honest = await startHonestProvider(
    [
      {
        ...client,
        backchannel_logout_uri: address,
        backchannel_logout_session_required: true,
        require_auth_time: true,
      },
    ],
    `${LOGIN_URL}/callback/acme`,
    {
      rotateRefreshToken: true,
      // Its own calls go to no address of this machine.
      fetch: (url, init) => boundedFetch(url instanceof Request ? url.url : url, init),
      acrValues: ['silver'],
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      },
    },
  )
  gateway = relyingParty(honest.issuer)
})
afterAll(async () => {
  await honest.close()
  ears.closeAllConnections()
  await once(ears.close(), 'close')
})

async function signIn(): Promise<SignInResult> {
  const { url, checks } = await gateway.beginSignIn(LOGIN_URL, { maxAgeSeconds: 600 })
  // The provider requires pushed requests: there is nothing else in the address.
  expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri'])
  return gateway.finishSignIn(LOGIN_URL, { query: (await browse(url)).search }, checks)
}

describe('a provider by the book (oidc-provider)', () => {
  it('that rotates refresh tokens is followed from one to the next, and ends it all when one is used twice', async () => {
    const first = await signIn()
    const second = await gateway.refresh(first.tokens, first)
    expect(second).toMatchObject({ outcome: 'renewed', person: first.person, authentication: first.authentication })
    const { tokens } = second as Extract<RefreshOutcome, { outcome: 'renewed' }>
    expect(tokens.refresh).not.toBe(first.tokens.refresh)
    expect(await gateway.refresh(tokens, first)).toMatchObject({ outcome: 'renewed' })
    expect(await gateway.refresh(first.tokens, first)).toEqual({ outcome: 'revoked' })
    expect(await gateway.refresh(tokens, first)).toEqual({ outcome: 'revoked' })
  })

  it('that tells of a logout is understood, and means the session that it named at sign-in', async () => {
    const { sid, issuer } = await signIn()
    expect(sid).toBeTypeOf('string')
    const client = await honest.provider.Client.find('gateway-client')
    await (client as unknown as Tells).backchannelLogout('alice', sid ?? '')
    expect(heard).toEqual([
      { issuer, who: { sid, subject: 'alice' }, jti: expect.any(String), expiresAt: expect.any(Number) },
    ])
  })
})
