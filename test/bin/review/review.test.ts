import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'

import { projectRoot } from '../../../bin/workspace/index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-review-'))
  for (const part of ['bin', 'infra', 'runtime', 'package.json']) {
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'stacks'))
  git('init', '--quiet')
  write({})
  git('add', 'stacks')
  git('-c', 'user.name=alice', '-c', 'user.email=alice@acme.example', 'commit', '--quiet', '--message', 'stack')
})
afterAll(() => rmSync(folder, { recursive: true }))

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: folder, stdio: 'pipe' })
}

/** A stack that keeps every rule, changed. */
function write({ allow = '"staff" in user.groups', reason = 'manuals for customers', allowances = {} }): void {
  const config = {
    'gatewright:url': 'https://login.acme.example',
    'gatewright:identityProviders': {
      staff: { kind: 'oidc', issuer: 'https://sso.acme.example', client: { id: 'gw', secret: { env: 'NOT_HERE' } } },
    },
    'gatewright:routes': {
      wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow },
      docs: { from: 'https://docs.acme.example', to: 'http://docs:3000', public: reason },
    },
    'gatewright:allowances': {
      single_replica: 'one machine is all we have',
      ...allowances,
    },
  }
  writeFileSync(join(folder, 'stacks/Pulumi.production.yaml'), stringify({ config }))
}

/** Runs the command offline, in the environment of a pull request. */
function review(): { code: number | null; text: string } {
  const env = { PATH: process.env['PATH'] }
  const options = { cwd: folder, env, encoding: 'utf8', timeout: 25_000 } as const
  const args = [join(folder, 'bin/review.ts'), 'production', '--against', 'HEAD']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options)
  return { code: status, text: `${stdout}${stderr}` }
}

it('a change that changes nobody’s access and breaks no rule ends with 0', () => {
  write({ reason: 'manuals for all customers' })
  const { code, text } = review()
  expect(text).toContain('Access stays as it is.')
  expect(code, text).toBe(0)
})

it('one by which access widens ends with 2, whatever else it does', () => {
  write({ allow: '"staff" in user.groups || "guests" in user.groups', reason: 'todo' })
  const { code, text } = review()
  expect(text).toContain('A rule is broken: public_route_unexplained.')
  expect(code, text).toBe(2)
})

it('one that breaks a rule, and lets nobody in, ends with 3 and marks what is new', () => {
  write({ reason: 'todo' })
  const { code, text } = review()
  expect(text).toMatch(/`public_route_unexplained` \| `gatewright:routes\.docs\.public` .*\*\*new\*\* \*\*broken\*\*/)
  expect(code, text).toBe(3)
})

it('one that breaks it with a reason ends with 0, and the reason stands in the review', () => {
  write({ reason: 'todo', allowances: { public_route_unexplained: { 'routes.docs': 'the shop explains itself' } } })
  const { code, text } = review()
  expect(text).toContain('the shop explains itself')
  expect(code, text).toBe(0)
})
