import * as pulumi from '@pulumi/pulumi'
import { beforeAll, describe, expect, it } from 'vitest'

import {
  describePrograms,
  expiryWarning,
  makeServiceAccounts,
  type ServiceAccount,
  serviceAccountConfig,
  serviceTokens,
} from '../../infra/service-accounts.ts'

const DAY = 24 * 60 * 60 * 1000
const NOW = Date.UTC(2026, 10, 22)

describe('the service accounts of a stack', () => {
  const resources: pulumi.runtime.MockResourceArgs[] = []
  let accounts: Record<string, ServiceAccount>
  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource(resource) {
          resources.push(resource)
          const made = {
            value: `token of ${resource.name}`,
            hash: `hash of ${resource.name}`,
            expiresAt: NOW + 90 * DAY,
          }
          return { id: resource.name, state: { ...resource.inputs, ...made } }
        },
        call: () => ({}),
      },
      'project',
      'production',
    )
    const parent = new pulumi.ComponentResource('test:index:Stack', 'stack')
    const settings = { groups: ['staff'], routes: ['wiki'], expiresInDays: 90 }
    accounts = makeServiceAccounts(
      'gateway',
      { 'a-b': { ...settings, tokens: ['c'] }, a: { ...settings, name: 'A', tokens: ['b-c', 'first'] } },
      parent,
    )
    await settled(serviceAccountConfig(accounts))
    await pulumi.runtime.disconnect()
  })

  it('have a token for each name, under names that no other account can have', () => {
    const tokens = resources.filter(({ type }) => type === 'gatewright-native:key:ServiceToken')
    expect(tokens.map(({ name, inputs }) => [name, (inputs as { prefix: string }).prefix])).toEqual([
      ['gateway-service-token-a-b.c', 'gws_a-b_c'],
      ['gateway-service-token-a.b-c', 'gws_a_b-c'],
      ['gateway-service-token-a.first', 'gws_a_first'],
    ])
  })

  it('are told to the gateway without any token', async () => {
    const config = await settled(serviceAccountConfig(accounts))
    expect(config['a']).toEqual({
      name: 'A',
      groups: ['staff'],
      routes: ['wiki'],
      tokens: ['b-c', 'first'].map((name) => ({
        name,
        hash: `hash of gateway-service-token-a.${name}`,
        expiresAt: NOW + 90 * DAY,
      })),
    })
    expect(JSON.stringify(config)).not.toContain('token of')
    expect(await pulumi.isSecret(serviceAccountConfig(accounts))).toBe(false)
  })

  it('give their tokens as one secret, and the rest to read', async () => {
    expect(await pulumi.isSecret(serviceTokens(accounts))).toBe(true)
    expect((await settled(serviceTokens(accounts)))['a-b']).toEqual({ c: 'token of gateway-service-token-a-b.c' })
    expect(await pulumi.isSecret(describePrograms(accounts))).toBe(false)
    expect((await settled(describePrograms(accounts)))['a-b']).toEqual({
      name: 'a-b',
      groups: ['staff'],
      routes: ['wiki'],
      tokens: { c: '2027-02-20T00:00:00.000Z' },
    })
  })
})

describe('a token that expires', () => {
  it.each([
    [13.5, 'expires in 13 days'],
    [0.5, 'expires today'],
    [0, 'has expired'],
    [-30, 'has expired'],
  ])('in %s days is said to: %s', (days, words) => {
    const warning = expiryWarning('a’s token "first"', NOW + days * DAY, NOW)
    expect(warning).toMatch(new RegExp(`^a’s token "first" ${words}: .*tokens`))
  })

  it('is not spoken of while there is time', () => {
    expect(expiryWarning('a’s token "first"', NOW + 15.5 * DAY, NOW)).toBeUndefined()
  })
})

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve))
}
