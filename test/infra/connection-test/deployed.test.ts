import { expect, it } from 'vitest'

import { readDeployed } from '../../../infra/connection-test/deployed.ts'

const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:abc' }
const URN = 'urn:pulumi:production::gatewright::gatewright:index:Gateway$gatewright-native:oidc:CredentialProof'
const staff = {
  kind: 'okta',
  issuer: 'https://acme.okta.com',
  clientId: '0oa1',
  callbackUrl: 'https://login.acme.example/callback/staff',
}

function state(identityProviders: object, ...proofs: object[]): string {
  const stack = { urn: 'urn:pulumi:production::gatewright::pulumi:pulumi:Stack::x', type: 'pulumi:pulumi:Stack' }
  return JSON.stringify({
    version: 3,
    deployment: { resources: [{ ...stack, outputs: { identityProviders, people: SECRET } }, ...proofs] },
  })
}

function proof(name: string, outputs: object): object {
  return { urn: `${URN}::${name}`, type: 'gatewright-native:oidc:CredentialProof', outputs }
}

it('reads providers, with the secrets that they have taken', () => {
  const taken = { issuer: staff.issuer, provenAt: '2026-01-02T03:04:05.000Z', clientSecret: SECRET }
  const others = [
    proof('partners-gateway-first-proof', taken),
    proof('more-staff-gateway-first-proof', taken),
    proof('staff-gateway-elsewhere-proof', { ...taken, issuer: 'https://former.okta.com' }),
    proof('staff-gateway-pending-proof', { issuer: staff.issuer }),
  ]
  expect(readDeployed(state({ staff }, proof('staff-gateway-2026-01-02-proof', taken), ...others))).toEqual([
    { id: 'staff', ...staff, secrets: [{ name: '2026-01-02', provenAt: taken.provenAt }] },
  ])
})

it('reads credentials only where the state was opened', () => {
  const proofOutputs = {
    issuer: staff.issuer,
    clientId: '0oa1',
    authMethod: 'client_secret_post',
    redirectUri: staff.callbackUrl,
    provenAt: '2026-01-02T03:04:05.000Z',
  }
  const opened = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', plaintext: '"the-secret"' }
  const read = (clientSecret: object) =>
    readDeployed(state({ staff }, proof('staff-gateway-first-proof', { ...proofOutputs, clientSecret })))[0]?.secrets[0]
  expect(read(SECRET)).toEqual({ name: 'first', provenAt: proofOutputs.provenAt })
  expect(read(opened)?.proof).toMatchObject({ clientSecret: 'the-secret', issuer: staff.issuer })
})

it('knows the secrets of a client that is at home in another place than people sign in', () => {
  const shared = { ...staff, issuer: 'https://login.microsoftonline.com/common/v2.0', homeIssuer: staff.issuer }
  const [found] = readDeployed(
    state(
      { staff: shared },
      proof('staff-gateway-first-proof', { issuer: staff.issuer, provenAt: '2026-01-02T03:04:05.000Z' }),
    ),
  )
  expect(found?.secrets.map(({ name }) => name)).toEqual(['first'])
  expect(found?.issuer).toBe(shared.issuer)
})

it('leaves out a provider of which something is secret or not there', () => {
  const { callbackUrl: _, ...without } = staff
  expect(readDeployed(state({ hidden: { ...staff, clientId: SECRET }, without, broken: null }))).toEqual([])
})

it('reads the clients of relying parties, each with its own secrets and no other’s', () => {
  const taken = { issuer: staff.issuer, provenAt: '2026-01-02T03:04:05.000Z', clientSecret: SECRET }
  const { clientId: _id, callbackUrl: _url, ...alone } = staff
  const outputs = {
    identityProviders: { staff: { ...alone, issuer: 'https://shared.example', homeIssuer: staff.issuer } },
    relyingParties: {
      corp: {
        kind: 'pomerium',
        identityProvider: 'staff',
        clientId: '0oa2',
        callbackUrls: ['https://corp.example/cb'],
      },
      hidden: { kind: 'pomerium', identityProvider: 'staff', clientId: SECRET, callbackUrls: ['https://x.example'] },
      'corp-2': { kind: 'app', identityProvider: 'gone', clientId: '0oa4', callbackUrls: ['https://z.example'] },
      stray: { kind: 'pomerium', identityProvider: 'gone', clientId: '0oa3', callbackUrls: ['https://y.example'] },
    },
  }
  const stack = { urn: 'u::pulumi:pulumi:Stack::x', type: 'pulumi:pulumi:Stack', outputs }
  const proofs = [proof('staff-corp-first-proof', taken), proof('staff-corp-2-first-proof', taken)]
  const found = readDeployed(JSON.stringify({ deployment: { resources: [stack, ...proofs] } }))
  expect(found).toEqual([
    {
      id: 'staff',
      relyingParty: 'corp',
      kind: 'okta',
      issuer: staff.issuer,
      clientId: '0oa2',
      callbackUrl: 'https://corp.example/cb',
      secrets: [{ name: 'first', provenAt: taken.provenAt }],
    },
  ])
})

it.each([
  { version: 3, deployment: { resources: null } },
  { version: 3, deployment: {} },
  { version: 3 },
  { version: 3, deployment: { resources: [{ urn: 'u', type: 'pulumi:pulumi:Stack', outputs: {} }] } },
])('finds nothing in a stack that was never deployed: %j', (exported) => {
  expect(readDeployed(JSON.stringify(exported))).toEqual([])
})

it.each([
  ['', /JSON/],
  ['error: no stack', /JSON/],
  ['{"deployment":{"resources":[7]}}', /expected object/],
])('refuses what is no state: %j', (text, mistake) => {
  expect(() => readDeployed(text)).toThrow(mistake)
})
