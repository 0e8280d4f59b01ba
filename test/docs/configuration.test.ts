import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { parseStack, type StackInput } from '../../infra/config/index.ts'

it('the example of routes in docs/configuration.md is a stack that can be built', () => {
  const [, example = ''] =
    /```yaml\n(gatewright:routes:\n.*?)```/s.exec(readFileSync('docs/configuration.md', 'utf8')) ?? []
  const { 'gatewright:routes': routes } = parse(example) as { 'gatewright:routes': StackInput['routes'] }
  const { routes: parsed } = parseStack({
    url: 'https://login.acme.com',
    identityProviders: { sso: { kind: 'oidc', issuer: 'https://idp.example', client: { id: 'c', secret: 's' } } },
    routes,
  })
  expect(Object.keys(parsed)).toEqual(['shop', 'shop-admin', 'previews', 'docs'])
})

it('so is the example of brands', () => {
  const [, example = ''] = /```yaml\n(gatewright:url:.*?)```/s.exec(readFileSync('docs/configuration.md', 'utf8')) ?? []
  const { 'gatewright:url': url, 'gatewright:brands': brands } = parse(example) as Record<string, unknown>
  const client = { kind: 'oidc', issuer: 'https://idp.example', client: { id: 'c', secret: 's' } }
  const parsed = parseStack({
    url,
    brands,
    identityProviders: { staff: client, customers: client },
    mail: { kind: 'smtp', host: 'smtp.acme.com', from: 'login@acme.com' },
    admins: '"admins" in user.groups',
    routes: {},
  })
  expect(Object.keys(parsed.brands)).toEqual(['acme', 'shop'])
})
