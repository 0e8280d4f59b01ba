import { describe, expect, it } from 'vitest'

import { UNKNOWN } from '../../../infra/provider/properties.ts'
import { diffProperties, formatPath } from '../../../infra/provider/property-diff.ts'

const rules = { replaceOn: ['issuer'], unordered: ['uris'] }

describe('diffProperties', () => {
  it('names the one member of a list that changes', () => {
    const changes = diffProperties({ uris: ['a', 'b'] }, { uris: ['a', 'c'] }, rules)
    expect(changes).toEqual([{ path: ['uris', 1], kind: 'update', replaces: false }])
  })

  it('takes another order for no change only where order means nothing', () => {
    expect(diffProperties({ uris: ['a', 'b'] }, { uris: ['b', 'a'] }, rules)).toEqual([])
    expect(diffProperties({ argv: ['a', 'b'] }, { argv: ['b', 'a'] }, rules)).toHaveLength(2)
    expect(diffProperties({ uris: ['a', 'a', 'b'] }, { uris: ['a', 'b', 'b'] }, rules)).not.toEqual([])
  })

  it('tells added, removed and changed members of a map apart', () => {
    const changes = diffProperties({ map: { a: 1, b: { c: 2 } } }, { map: { b: { c: 3 }, d: 4 } }, rules)
    expect(changes.map(({ path, kind }) => `${kind} ${formatPath(path)}`)).toEqual([
      'delete map.a',
      'update map.b.c',
      'add map.d',
    ])
  })

  it('takes what is not yet known for a change', () => {
    expect(diffProperties({ a: { b: 'x' } }, { a: { b: UNKNOWN } }, rules)).toEqual([
      { path: ['a', 'b'], kind: 'update', replaces: false },
    ])
  })

  it('finds nothing between equal properties', () => {
    const properties = { a: null, b: [1, { c: true }], uris: [] }
    expect(diffProperties(properties, structuredClone(properties), rules)).toEqual([])
  })
})

describe('formatPath', () => {
  it('quotes what is no identifier', () => {
    expect(formatPath(['secrets', 'client-secret.okta'])).toBe('secrets["client-secret.okta"]')
    expect(formatPath(['a', 'say "hi"', 0])).toBe(String.raw`a["say \"hi\""][0]`)
  })
})
