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
  ['request.path.startsWith("/x") && "a" in user.groups', 'people at paths that begin with /x and in a'],
  [
    '!("interns" in user.groups || user.name == "x")',
    'people for whom !("interns" in user.groups || user.name == "x")',
  ],
  ['!(user.email == "alice@acme.example")', 'people not with the address alice@acme.example'],
  [
    'user.email in ["a@b.example", "c@d.example"]',
    'people with the address a@b.example or with the address c@d.example',
  ],
  [
    '"staff" in user.groups && request.method in ["GET", "HEAD"]',
    'people in staff and (asking by GET or asking by HEAD)',
  ],
  ['user.groups.exists(g, g.startsWith("team-"))', 'people in a group whose name begins with team-'],
  ['user.provider == "okta" && user.kind == "program"', 'people signed in by okta and that are programs'],
  ['user.claims.department == "it"', 'people whose department is it'],
  ['user.claims.holds("roles", "on call")', 'people whose roles is or has "on call"'],
  ['"ops" in user.claims.roles && has(user.claims.level)', 'people whose roles has ops and who have a level'],
  [
    'session.age < duration("1h") && "hwk" in session.amr',
    'people who signed in less than 1h ago and who signed in with hwk',
  ],
  ['session.acr == "phr"', 'people who signed in as phr'],
  ['request.ip.inNetwork("10.0.0.0/8")', 'people from the network 10.0.0.0/8'],
  ['request.time.timeOfDay("UTC") >= "09:00"', 'people asking after 09:00 (UTC)'],
])('%s reads "%s"', (rule, words) => {
  expect(describeRule(rule)).toBe(words)
})

it('gives each outermost alternative an entry of its own', () => {
  expect(alternatives('"staff" in user.groups || ("a" in user.groups || user.name == "b")')).toEqual([
    { rule: '"staff" in user.groups', words: 'people in staff' },
    { rule: '"a" in user.groups', words: 'people in a' },
    { rule: 'user.name == "b"', words: 'people called b' },
  ])
})
