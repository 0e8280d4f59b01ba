import { expect, it } from 'vitest'

import { alternatives, describeRule } from '../../../runtime/policy/index.ts'

it.each([
  ['"staff" in user.groups', 'people in staff'],
  ['"staff" in user.groups || "admins" in user.groups', 'people in staff or in admins'],
  [
    '"staff" in user.groups && user.email.endsWith("@acme.example")',
    'people in staff and with an address at acme.example',
  ],
  ['"staff" in user.groups && !("interns" in user.groups)', 'people in staff and not in interns'],
  ['user.email == "alice@acme.example"', 'people with the address alice@acme.example'],
  ['"staff and in admins" in user.groups', 'people in "staff and in admins"'],
  ['true', 'everyone who signs in'],
  ['false', 'nobody'],
  ['request.path.startsWith("/x") && "a" in user.groups', 'people for whom request.path.startsWith("/x") and in a'],
])('%s reads "%s"', (rule, words) => {
  expect(describeRule(rule)).toBe(words)
})

it('gives each outermost alternative an entry of its own', () => {
  expect(alternatives('"staff" in user.groups || ("a" in user.groups || user.name == "b")')).toEqual([
    { rule: '"staff" in user.groups', words: 'people in staff' },
    { rule: '"a" in user.groups', words: 'people in a' },
    { rule: 'user.name == "b"', words: 'people for whom user.name == "b"' },
  ])
})
