import { readFileSync } from 'node:fs'

import { expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'

import { pangolin } from '../../infra/config/relying-parties/pangolin.ts'
import { mappings } from '../../infra/relying-parties/pangolin/inputs.ts'
import { search } from '../support/pangolin/jmespath.ts'

const page = readFileSync('docs/pangolin.md', 'utf8')
const example = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as {
  config: { 'gatewright:relyingParties': { tunnel: unknown } }
}

function theExample() {
  process.env['PANGOLIN_API_KEY'] = 'id.secret'
  onTestFinished(() => void delete process.env['PANGOLIN_API_KEY'])
  return pangolin.parse(example.config['gatewright:relyingParties'].tunnel)
}

it('the page’s example is right, and its mappings say what it shows', () => {
  const { corp, workshop } = theExample().organizations
  const { roleMapping } = mappings(corp ?? {})
  expect(search({ groups: ['admins'] }, roleMapping)).toBe('Admin')
  expect(search({ groups: ['staff'] }, roleMapping)).toBe('Member')
  const { roleMapping: role, orgMapping } = mappings(workshop ?? {})
  expect(search({}, role)).toBe('Member')
  expect(search({ groups: ['workshop'] }, orgMapping)).toBe(true)
  expect(search({ groups: ['staff'] }, orgMapping)).toBe(false)
})

it('the page has each setting of its own in the table, and no other', () => {
  const rows = [...page.matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
  const shared = ['kind', 'identityProvider', 'allowedGroups', 'import', 'client']
  const own = Object.keys(pangolin.shape).filter((name) => !shared.includes(name))
  expect(rows.toSorted()).toEqual(own.toSorted())
})
