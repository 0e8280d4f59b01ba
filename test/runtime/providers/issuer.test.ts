import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { createProvider } from '../../../runtime/providers/index.ts'
import {
  type Claims,
  CREDENTIAL,
  type EvilProvider,
  LOGIN_URL,
  providerConfig,
  relyingParty,
  signInAt,
  startEvilProvider,
} from '../../support/evil-provider/index.ts'

const OURS = '11111111-1111-4111-8111-111111111111'
const SISTER = '22222222-2222-4222-8222-222222222222'
const FOREIGN = '33333333-3333-4333-8333-333333333333'

let entra: EvilProvider
let origin: string
beforeAll(async () => {
  entra = await startEvilProvider('/common/v2.0')
  origin = new URL(entra.issuer).origin
})
afterEach(() => entra.reset())
afterAll(() => entra.close())

const issuerOf = (tenant: string) => `${origin}/${tenant}/v2.0`

interface Entra {
  tenant?: string
  keyIssuer?: string
  claims?: Claims
}

/** Entra as it is: a template in the document, a tenant's issuer in the token. */
function behave({ tenant = OURS, keyIssuer = issuerOf('{tenantid}'), claims = {} }: Entra = {}) {
  entra.bends.discovery = ({ authorization_response_iss_parameter_supported: _dropped, ...d }) => ({
    ...d,
    issuer: issuerOf('{tenantid}'),
  })
  entra.bends.callback = ({ code = '', state = '' }) => Object.entries({ code, state })
  entra.bends.keys = (keys) => keys.map((key) => ({ ...key, issuer: keyIssuer }))
  entra.bends.claims = (honest) => ({ ...honest, iss: issuerOf(tenant), tid: tenant, ...claims })
}

const gateway = (tenants: string[] = [OURS, SISTER]) => relyingParty(entra.issuer, { tenants })

describe('several tenants at one issuer', () => {
  it('sign in under the issuer of their own, which makes them other people', async () => {
    behave()
    const ours = await signInAt(gateway())
    expect(ours.issuer).toBe(issuerOf(OURS))
    behave({ tenant: SISTER, keyIssuer: issuerOf(SISTER) })
    const sister = await signInAt(gateway([OURS, SISTER.toUpperCase()]))
    expect(sister.issuer).toBe(issuerOf(SISTER))
    expect(sister.subject).toBe(ours.subject)
    expect(sister.person.id).not.toBe(ours.person.id)
  })

  it('are told by their issuers', () => {
    const provider = gateway()
    expect([OURS, SISTER, FOREIGN, 'common'].map((tenant) => provider.isIssuer(issuerOf(tenant)))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it.each<[string, () => Entra]>([
    ['of a tenant that is not on the list', () => ({ tenant: FOREIGN })],
    ['without a tenant', () => ({ claims: { tid: undefined } })],
    ['without a tenant, by an issuer to match', () => ({ claims: { tid: undefined, iss: issuerOf('undefined') } })],
    ['with a list of one tenant', () => ({ claims: { tid: [OURS] } })],
    ['of one tenant by the issuer of another', () => ({ claims: { iss: issuerOf(SISTER) } })],
    ['by the template itself', () => ({ tenant: '{tenantid}' })],
    ['signed by the key of another tenant', () => ({ keyIssuer: issuerOf(FOREIGN) })],
    ['signed by a sister’s key', () => ({ keyIssuer: issuerOf(SISTER) })],
  ])('refuse a token %s', async (_, change) => {
    behave(change())
    await expect(signInAt(gateway())).rejects.toMatchObject({ code: 'provider_answer_invalid' })
    expect(entra.count('/userinfo')).toBe(0)
  })

  it('refuse a token that does not name its key', async () => {
    behave()
    entra.bends.idToken = (claims, key) => key.sign(claims, { kid: undefined as unknown as string })
    await expect(signInAt(gateway())).rejects.toMatchObject({ code: 'provider_answer_invalid' })
  })

  it.each([
    ['the address itself', () => entra.issuer],
    ['a template elsewhere', () => 'https://login.microsoftonline.com/{tenantid}/v2.0'],
    ['one tenant', () => issuerOf(OURS)],
    ['a template of another version', () => `${origin}/{tenantid}/`],
  ])('refuse a discovery document that names %s', async (_, issuer) => {
    behave()
    entra.bends.discovery = (d) => ({ ...d, issuer: issuer() })
    await expect(gateway().beginSignIn(LOGIN_URL, {})).rejects.toMatchObject({ code: 'provider_answer_invalid' })
  })

  it('are refused where only one can be', () => {
    const config = providerConfig(`https://login.microsoftonline.com/${OURS}/v2.0`, { tenants: [OURS] })
    expect(() => createProvider('acme', config, [CREDENTIAL])).toThrow(RangeError)
  })
})

describe('one tenant', () => {
  it('takes no template for its own, and no token of a neighbour', async () => {
    behave()
    await expect(signInAt(relyingParty(entra.issuer))).rejects.toMatchObject({ code: 'provider_answer_invalid' })
    entra.bends.discovery = (honest) => honest
    await expect(signInAt(relyingParty(entra.issuer))).rejects.toMatchObject({ code: 'provider_answer_invalid' })
  })
})
