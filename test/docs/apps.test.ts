import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { expect, it, onTestFinished } from 'vitest'

import { createIdentities, subjectOfProgram } from '../../runtime/identity/index.ts'
import { createSigner } from '../../runtime/keys/index.ts'

const code = /```js\n(.*?)```/s.exec(readFileSync('docs/apps.md', 'utf8'))?.[1] ?? ''
const APP = 'https://grafana.acme.example'

interface Sample {
  whoIsThere(request: { headers: Record<string, string> }): Promise<unknown>
}

it('the page’s code takes what the gateway says for this app, and nothing else', async () => {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const signer = await createSigner([JSON.stringify(jwk)])
  const server = createServer((request, response) => {
    response.end(request.url === '/.well-known/jwks.json' ? JSON.stringify(signer.jwks) : '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-docs-'))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
    delete process.env['GATEWRIGHT_LOGIN']
    delete process.env['GATEWRIGHT_APP']
  })
  const login = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sample = await load(folder, login)

  const identity = { assertion: 'cached', claims: [], headers: {}, pomerium: false, bearer: false } as const
  const route = createIdentities(signer).forRoute({
    issuer: login,
    routeId: 'grafana',
    identity: { ...identity, claims: [], headers: {} },
  })
  const alice = subjectOfProgram({ id: 'a', name: 'Alice', groups: ['staff'], provider: 'acme', key: 'session 1' })
  const assertionFor = (origin: string) =>
    Object.fromEntries(route.issue(alice, origin).headers.map(([name, value]) => [name.toLowerCase(), value]))

  expect(await sample.whoIsThere({ headers: assertionFor(APP) })).toEqual({
    id: 'a',
    email: undefined,
    name: 'Alice',
    groups: ['staff'],
  })
  await expect(sample.whoIsThere({ headers: {} })).rejects.toMatchObject({ code: 'ERR_JWS_INVALID' })
  await expect(sample.whoIsThere({ headers: assertionFor('https://other.acme.example') })).rejects.toMatchObject({
    claim: 'aud',
  })
  const forged = assertionFor(APP)['x-gatewright-assertion']?.replace(
    /\.[^.]*\./,
    `.${Buffer.from(JSON.stringify({ iss: login, aud: APP, sub: 'mallory', exp: 9e9 })).toString('base64url')}.`,
  )
  await expect(sample.whoIsThere({ headers: { 'x-gatewright-assertion': forged ?? '' } })).rejects.toMatchObject({
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  })
})

/** The code as an app would have it, with its packages beside it. */
async function load(folder: string, login: string): Promise<Sample> {
  const environment = `process.env.GATEWRIGHT_LOGIN = ${JSON.stringify(login)}\nprocess.env.GATEWRIGHT_APP = ${JSON.stringify(APP)}\n`
  await writeFile(join(folder, 'environment.mjs'), environment)
  await writeFile(join(folder, 'app.mjs'), `import './environment.mjs'\n${code}`)
  await symlink(resolve('node_modules'), join(folder, 'node_modules'))
  return (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'app.mjs')).href)) as Sample
}
