import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { OWN_SECRET_PREFIX } from '../../../../infra/provider/okta/index.ts'
import { type ListedSecret, type Step, stepToAbsence, stepToPresence } from '../../../../infra/provider/okta/slots.ts'

const own = (name: string): string => `${OWN_SECRET_PREFIX}${name}`
const secret = (id: string, value: string | undefined, status: ListedSecret['status'] = 'ACTIVE'): ListedSecret => ({
  id,
  status,
  value,
  created: '2026-11-22T09:00:00.000Z',
})

describe('the way to a live secret', () => {
  const wanted = { value: own('new'), strangers: 'remove' } as const

  it.each<[string, ListedSecret[], Step]>([
    ['a client without secrets gets one', [], { kind: 'create' }],
    ['it is made beside the generated one first', [secret('1', 'generated')], { kind: 'create' }],
    ['it is made beside one that is in use', [secret('1', own('old'))], { kind: 'create' }],
    [
      'the generated one is deactivated once it is live',
      [secret('1', 'generated'), secret('2', own('new'))],
      { kind: 'deactivate', secretId: '1' },
    ],
    [
      'the generated one is deleted once it is inactive',
      [secret('1', 'generated', 'INACTIVE'), secret('2', own('new'))],
      { kind: 'delete', secretId: '1' },
    ],
    ['one in use stays', [secret('1', own('old')), secret('2', own('new'))], { kind: 'done', secretId: '2' }],
    [
      'one whose value nobody tells stays',
      [secret('1', undefined), secret('2', own('new'))],
      { kind: 'done', secretId: '2' },
    ],
    ['an inactive one is activated', [secret('2', own('new'), 'INACTIVE')], { kind: 'activate', secretId: '2' }],
    [
      'an inactive one of somebody else makes room',
      [secret('1', own('old')), secret('2', 'by hand', 'INACTIVE')],
      { kind: 'delete', secretId: '2' },
    ],
    [
      'two that may be in use are left alone',
      [secret('1', own('old')), secret('2', 'by hand')],
      { kind: 'taken', by: [secret('1', own('old')), secret('2', 'by hand')] },
    ],
  ])('%s', (_, listed, step) => {
    expect(stepToPresence(listed, wanted)).toEqual(step)
  })

  it('leaves a stranger’s secret alone where the client was somebody else’s', () => {
    const listed = [secret('1', 'theirs'), secret('2', own('new'))]
    expect(stepToPresence(listed, { ...wanted, strangers: 'keep' })).toEqual({ kind: 'done', secretId: '2' })
  })

  it('ends, and takes away no active secret but a stranger’s beside the first of its own', () => {
    const value = fc.constantFrom(own('new'), own('old'), own('older'), 'generated', 'by hand')
    const status = fc.constantFrom<ListedSecret['status']>('ACTIVE', 'INACTIVE')
    const start = fc.uniqueArray(fc.record({ value, status }), { maxLength: 2, selector: (entry) => entry.value })
    fc.assert(
      fc.property(start, fc.constantFrom<'remove' | 'keep'>('remove', 'keep'), (secrets, strangers) => {
        const listed = secrets.map((entry, index) => secret(`${index}`, entry.value, entry.status))
        const { end, removed } = walk(listed, (present) => stepToPresence(present, { value: own('new'), strangers }))
        expect(['done', 'taken']).toContain(end.kind)
        for (const taken of removed.filter((entry) => entry.status === 'ACTIVE')) {
          expect([strangers, taken.value?.startsWith(OWN_SECRET_PREFIX)]).toEqual(['remove', false])
          expect(listed.some((entry) => entry !== taken && entry.value !== own('new'))).toBe(false)
        }
      }),
      { seed: 4 },
    )
  })
})

describe('the way to no secret', () => {
  it.each<[string, ListedSecret[], Step]>([
    ['it is deactivated first', [secret('1', own('a')), secret('2', own('b'))], { kind: 'deactivate', secretId: '1' }],
    [
      'it is deleted then',
      [secret('1', own('a'), 'INACTIVE'), secret('2', own('b'))],
      { kind: 'delete', secretId: '1' },
    ],
    ['one that is gone is done with', [secret('2', own('b'))], { kind: 'done', secretId: '1' }],
    ['the only one goes with its client', [secret('1', own('a'))], { kind: 'done', secretId: '1' }],
  ])('%s', (_, listed, step) => {
    expect(stepToAbsence(listed, '1')).toEqual(step)
  })
})

/** Takes steps as Okta would carry them out. */
function walk(
  start: readonly ListedSecret[],
  next: (listed: readonly ListedSecret[]) => Step,
): { end: Step; removed: ListedSecret[] } {
  let listed = [...start]
  for (let steps = 0; steps < 10; steps += 1) {
    const step = next(listed)
    if (step.kind === 'done' || step.kind === 'taken') {
      return { end: step, removed: start.filter(({ id }) => !listed.some((entry) => entry.id === id)) }
    }
    if (step.kind === 'create') {
      if (listed.length >= 2) throw new Error('Okta would refuse a third secret')
      listed = [...listed, secret('made', own('new'))]
    } else if (step.kind === 'delete') {
      const target = listed.find(({ id }) => id === step.secretId)
      if (target?.status !== 'INACTIVE') throw new Error('Okta would not delete an active secret')
      listed = listed.filter(({ id }) => id !== step.secretId)
    } else {
      const status = step.kind === 'activate' ? 'ACTIVE' : 'INACTIVE'
      listed = listed.map((entry) => (entry.id === step.secretId ? { ...entry, status } : entry))
    }
  }
  throw new Error('it does not end')
}
