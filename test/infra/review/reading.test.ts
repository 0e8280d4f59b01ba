import { inspect } from 'node:util'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compareStacks, readStack, renderReview } from '../../../infra/review/index.ts'
import { compareChanged, lines, smallStack, type Stack, stackFile } from './stack.ts'

const seed = 20_261_122

/** A stack that has a secret in every form that a stack file takes. */
function withSecrets(secret: unknown, plain: string): Stack {
  const stack = smallStack()
  stack.identityProviders['staff']!['credentials'] = { apiKey: secret }
  stack.identityProviders['guests']!['client'] = { id: 'gw', secret: plain, previousSecret: secret }
  stack.identityProviders['mail'] = {
    kind: 'google',
    client: { id: 'g', secret },
    directory: { serviceAccountKey: secret, impersonate: 'admin@acme.example' },
  }
  return stack
}

describe('a secret', () => {
  it('is in nothing that comes out, whether it was encrypted, written down, or could not be read at all', () => {
    const text = fc.stringMatching(/^S3CRET[a-z0-9]{10}$/)
    fc.assert(
      fc.property(text, text, fc.boolean(), (one, other, broken) => {
        const before = withSecrets({ secure: one }, other)
        const after = withSecrets({ secure: other }, one)
        after.identityProviders['staff']!['url'] = 'https://other.example'
        if (broken)
          after.identityProviders['staff']!['credentials'] = { apiKey: [one], secret: one, [other.slice(6)]: 7 }
        const readings = [readStack(before), readStack(after)] as const
        const comparison = compareStacks(...readings)
        expect(comparison.comparable).toBe(!broken)
        const shown = [
          renderReview(comparison, 'x'),
          JSON.stringify(comparison),
          inspect([readings, comparison], { depth: 20 }),
        ]
        expect(shown.join('\n')).not.toContain('S3CRET')
      }),
      { seed, numRuns: 10 },
    )
  })

  it('that is no text is not repeated by the mistake that it is', () => {
    const stack = smallStack()
    stack.identityProviders['staff']!['credentials'] = { apiKey: 424_242, apiKye: 'x' }
    expect(lines(compareStacks(readStack(stack), readStack(stack)))).toEqual([
      'gatewright:identityProviders.staff.credentials.apiKey is not what is asked for here',
      'gatewright:identityProviders.staff.credentials.apiKye is unknown; did you mean apiKey?',
      'gatewright:identityProviders.staff.credentials.apiKey is not what is asked for here',
      'gatewright:identityProviders.staff.credentials.apiKye is unknown; did you mean apiKey?',
    ])
  })

  it('that stands where its name belongs is not repeated', () => {
    const stack = smallStack()
    stack.identityProviders['staff']!['clientSecrets'] = ['S3CRET~value']
    expect(lines(compareStacks(readStack(smallStack()), readStack(stack)))).toEqual([
      'gatewright:identityProviders.staff.clientSecrets[0] is not what is asked for here',
    ])
  })

  it('that is read from the environment of a deployment is not needed', () => {
    const stack = smallStack()
    stack.identityProviders['staff']!['credentials'] = { apiKey: { env: 'NOT_SET_ANYWHERE' } }
    expect(readStack(stack).state).toBe('read')
  })

  it('is known to be another one without being opened', () => {
    const secret = (client: object) => (stack: Stack) =>
      (stack.identityProviders['guests']!['client'] = { id: 'gw', ...client })
    const says = (client: object) => {
      const comparison = compareChanged(smallStack(), secret(client))
      return comparison.comparable && comparison.clientSecrets.map(({ id, says: phrases }) => [id, phrases.length])
    }
    expect(says({ secret: { secure: 'v1:cipher-guests' } })).toEqual([])
    expect(says({ secret: { secure: 'v1:other' } })).toEqual([['guests', 1]])
    expect(says({ secret: { secure: 'v1:other' }, previousSecret: { secure: 'v1:cipher-guests' } })).toEqual([
      ['guests', 2],
    ])
  })

  it('of a setting that must not be one makes the stack incomparable', () => {
    expect(lines(compareChanged(smallStack(), (stack) => (stack['url'] = { secure: 'v1:cipher' })))).toEqual([
      'gatewright:url must be a text, not a map',
    ])
  })
})

describe('a version', () => {
  it('that is not there is compared with nothing', () => {
    const created = compareStacks(readStack(undefined), readStack(smallStack()))
    expect(created).toMatchObject({ comparable: true, widened: true })
    const deleted = compareStacks(readStack(smallStack()), readStack(undefined))
    expect(deleted).toMatchObject({
      comparable: true,
      widened: false,
      callbacks: [{ change: 'removed' }, { change: 'removed' }],
    })
  })

  it.each([null, [], 'text', 7, {}, { routes: [] }])('that is %j counts as wider, and is no crash', (input) => {
    for (const comparison of [
      compareStacks(readStack(input), readStack(smallStack())),
      compareStacks(readStack(smallStack()), readStack(input)),
    ]) {
      expect(comparison).toMatchObject({ comparable: false, widened: true })
      expect(renderReview(comparison, 'x')).toContain('take it that access widens')
    }
  })

  it('in another order is the same', () => {
    const reversed = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, inner]) => [key, reversed(inner)]),
          )
        : value
    const comparison = compareStacks(readStack(smallStack()), readStack(reversed(smallStack())))
    expect(renderReview(comparison, 'production')).toBe('## Stack `production`\n\n**Nothing changes.**\n')
    const after = smallStack()
    after.identityProviders['zoo'] = after.identityProviders['guests']!
    after.routes['a'] = { ...after.routes['wiki'], from: 'https://a.acme.example' }
    const texts = [after, reversed(after)].map((input) =>
      renderReview(compareStacks(readStack(smallStack()), readStack(input)), 'x'),
    )
    expect(texts[0]).toBe(texts[1])
  })
})

it.each(['local.example', 'Pulumi.production'])('the stack file %s can be read as it is', (name) => {
  expect(readStack(stackFile(`stacks/${name}.yaml`)).state).toBe('read')
})
