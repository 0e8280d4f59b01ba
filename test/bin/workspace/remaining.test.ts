import { describe, expect, it } from 'vitest'
import { endsWithThisMachine, remainingResources } from '../../../bin/workspace/remaining.ts'

const client = (issuer: string) => ({
  type: 'gatewright-native:oidc:Client',
  custom: true,
  urn: 'urn:c',
  inputs: { issuer },
})
const ownProcess = { type: 'gatewright-native:local:Process', custom: true, urn: 'urn:p', inputs: {} }

describe('the resources that a stack still has', () => {
  it('are those that stand for something: no components, no providers', () => {
    const state = {
      version: 3,
      checkpoint: {
        latest: {
          resources: [
            { type: 'pulumi:pulumi:Stack', urn: 'urn:s' },
            { type: 'pulumi:providers:okta', urn: 'urn:o', custom: true },
            { type: 'gatewright:index:Gateway', urn: 'urn:g' },
            { type: 'okta:app/oAuth:OAuth', urn: 'urn:a', custom: true },
          ],
        },
      },
    }
    expect(remainingResources(JSON.stringify(state))?.map(({ urn }) => urn)).toEqual(['urn:a'])
  })

  it('are none where the stack has had no update', () => {
    expect(remainingResources('{"version":3,"checkpoint":{"stack":"local"}}')).toEqual([])
  })

  it.each(['', '{"checkpoint"', '[]', '{"checkpoint":{"latest":{"resources":[{}]}}}'])('are unknown in %j', (text) => {
    expect(remainingResources(text)).toBeUndefined()
  })
})

describe('a resource', () => {
  it.each([
    ownProcess,
    { ...ownProcess, type: 'gatewright-native:key:Signing' },
    client('http://idp.gw.localhost:8402'),
    client('http://127.0.0.1:8402/'),
    client('http://[::1]:1'),
  ])('ends with this machine: %j', (resource) => {
    expect(endsWithThisMachine(resource)).toBe(true)
  })

  it.each([
    client('https://login.acme.com'),
    client('https://localhost.acme.com'),
    client('https://127.0.0.1.acme.com'),
    client('nonsense'),
    { ...client(''), inputs: {} },
    { ...client('http://localhost'), type: 'okta:app/oAuth:OAuth' },
    { ...client('http://localhost'), type: 'gatewright-native:pingone:Application' },
  ])('outlives it: %j', (resource) => {
    expect(endsWithThisMachine(resource)).toBe(false)
  })
})
