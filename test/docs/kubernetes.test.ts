import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { parseStack } from '../../infra/config/index.ts'
import { kubernetesTarget } from '../../infra/config/kubernetes/index.ts'

const page = readFileSync('docs/kubernetes.md', 'utf8')

it('the example in docs/kubernetes.md is a stack that can be built', () => {
  const [, example = ''] = /```yaml\n(gatewright:cluster:.*?)```/s.exec(page) ?? []
  const url = { env: 'GATEWRIGHT_DATABASE_URL' }
  const text = example.replace(`{ env: ${url.env} }`, 'postgres://gateway:a-password@db.data.svc/gateway')
  expect(text).not.toBe(example)
  const settings = Object.entries(parse(text) as Record<string, unknown>).map(([key, value]) => [
    key.replace('gatewright:', ''),
    value,
  ])
  const stack = parseStack({
    url: 'https://login.acme.example',
    identityProviders: {
      sso: { kind: 'oidc', issuer: 'https://sso.acme.example', client: { id: 'gateway', secret: 's' } },
    },
    routes: { wiki: { from: 'https://wiki.acme.example', to: 'http://wiki.tools.svc', allow: 'true' } },
    ...Object.fromEntries(settings),
  })
  expect(stack.target).toMatchObject({ kind: 'kubernetes', replicas: 3 })
})

it('every setting of the target is documented, and no other', () => {
  const [, table = ''] = /## Settings of the target\n(.*?)\n\n`gatewright:cluster`/s.exec(page) ?? []
  const documented = [...table.matchAll(/^\| `([a-zA-Z]+)/gm)].map((match) => match[1])
  const settings = Object.keys(kubernetesTarget.shape).filter((name) => name !== 'kind')
  expect(documented).toEqual(settings)
})
