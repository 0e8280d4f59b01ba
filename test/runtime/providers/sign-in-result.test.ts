import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { IdentityProviderConfig } from '../../../runtime/config.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import {
  type EvilProvider,
  LOGIN_URL,
  relyingParty,
  signInAt,
  startEvilProvider,
  visit,
} from '../../support/evil-provider/index.ts'

let provider: EvilProvider
beforeAll(async () => {
  provider = await startEvilProvider()
})
afterEach(() => provider.reset())
afterAll(() => provider.close())

const OID = '22222222-2222-4222-8222-222222222222'
const signIn = (change: Partial<IdentityProviderConfig> = {}) => signInAt(relyingParty(provider.issuer, change))

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const refusal: unknown = await attempt.catch((error: unknown) => error)
  if (!(refusal instanceof Refusal)) throw new Error('that was no refusal', { cause: refusal })
  return refusal.code
}

describe('what a sign-in gives', () => {
  it('names the identity, the address that is claimed, and the profile', async () => {
    provider.bends.person = {
      ...provider.bends.person,
      email: 'Alice@ACME.example',
      email_verified: false,
      organization: 'Acme',
    }
    expect(await signIn()).toMatchObject({
      identity: { issuer: provider.issuer, subject: 'alice' },
      claimedEmail: 'alice@acme.example',
      person: { email: '' },
      profile: { company: 'Acme' },
    })
  })

  it('has of userinfo what the ID token leaves out of the profile, but never who it is', async () => {
    provider.bends.person = { ...provider.bends.person, oid: OID }
    provider.bends.userinfo = (claims) => ({
      ...claims,
      locale: 'de',
      oid: '33333333-3333-4333-8333-333333333333',
    })
    expect(await signIn({ subjectClaim: 'oid' })).toMatchObject({
      identity: { subject: OID },
      profile: { location: 'de' },
    })
  })

  it('is nothing where the object id is missing or none', async () => {
    expect(await codeOf(signIn({ subjectClaim: 'oid' }))).toBe('provider_answer_invalid')
    provider.bends.person = { ...provider.bends.person, oid: 'alice' }
    expect(await codeOf(signIn({ subjectClaim: 'oid' }))).toBe('provider_answer_invalid')
  })
})

describe('a disabled provider', () => {
  it('is gone to by nobody, and asked nothing', async () => {
    const disabled = relyingParty(provider.issuer, { enabled: false })
    expect(await codeOf(disabled.beginSignIn(LOGIN_URL, {}))).toBe('sign_in_expired')
    expect(provider.heard.grants).toEqual([])
  })

  it('is come back from by nobody who was there when it was disabled', async () => {
    const { url, checks } = await relyingParty(provider.issuer).beginSignIn(LOGIN_URL, {})
    const callback = await visit(url)
    const disabled = relyingParty(provider.issuer, { enabled: false })
    expect(await codeOf(disabled.finishSignIn(LOGIN_URL, { query: callback.search }, checks))).toBe('sign_in_expired')
    expect(provider.heard.grants).toEqual([])
  })
})
