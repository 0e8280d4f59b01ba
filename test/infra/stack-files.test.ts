import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'

import { afterAll, describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../infra/config/index.ts'
import { planRuntime } from '../../infra/runtime-config.ts'
import { readStackFiles } from '../../infra/stack-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'stack-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CERTIFICATE = rootCertificates[0] ?? ''
const KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'
writeFileSync(join(folder, 'ca.pem'), `# ours\n${CERTIFICATE}\n${CERTIFICATE}\n`)
writeFileSync(join(folder, 'key.pem'), KEY)
writeFileSync(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')

function stack(tls: object, certificates?: object[]) {
  return parseStack({
    url: 'https://login.acme.example',
    identityProviders: { sso: { kind: 'oidc', issuer: 'https://idp.example', client: { id: 'c', secret: 's' } } },
    routes: { wiki: { from: 'https://wiki.acme.example', to: 'https://wiki:3000', allow: 'true', tls } },
    target: { kind: 'process', ...(certificates ? { tls: { certificates } } : {}) },
  })
}

it('files are read in the project’s folder, and only those that the stack names', () => {
  const certificates = [{ certificate: 'ca.pem', key: './key.pem' }]
  const files = readStackFiles(stack({ ca: './ca.pem' }, certificates), folder)
  expect(files.text('./ca.pem')).toContain(CERTIFICATE)
  expect(files.place('./key.pem')).toBe(join(folder, 'key.pem'))
  expect(() => files.text('/etc/passwd')).toThrow('was not read')
})

it('every file that is missing or no PEM is named at once, with its place in the stack file', () => {
  const tls = { ca: 'no.pem', clientCertificate: { certificate: './key.pem', key: 'k' } }
  const broken = stack(tls, [{ certificate: 'broken.pem', key: 'ca.pem' }])
  const problems = mistakesOf(() => readStackFiles(broken, folder))
  expect(problems).toEqual([
    `gatewright:routes.wiki.tls.ca no.pem: cannot be read (ENOENT); looked for at ${join(folder, 'no.pem')}`,
    'gatewright:routes.wiki.tls.clientCertificate.certificate ./key.pem: has no certificate in PEM (-----BEGIN CERTIFICATE-----)',
    'gatewright:target.tls.certificates[0].certificate broken.pem: its certificate 1 cannot be read',
    'gatewright:target.tls.certificates[0].key ca.pem: has no private key in PEM',
  ])
})

describe('logos', () => {
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><title>Acme</title><path d="M0 0"/></svg>'
  writeFileSync(join(folder, 'acme.png'), `<!-- an SVG, whatever its name says -->${SVG}`)
  writeFileSync(join(folder, 'evil.svg'), SVG.replace('<path', '<script/><path'))
  writeFileSync(join(folder, 'film.svg'), Buffer.alloc(3 * 1024 * 1024))
  const withLogos = (brand: string, provider: string) =>
    parseStack({
      url: 'https://login.acme.example',
      brands: { default: { logo: brand } },
      identityProviders: {
        sso: { kind: 'oidc', issuer: 'https://idp.example', client: { id: 'c', secret: 's' }, logo: provider },
      },
      routes: {},
    })

  it('are told to the gateway by what they hold, for brands and providers', () => {
    const parsed = withLogos('acme.png', './acme.png')
    const plan = planRuntime(parsed, { sso: { issuer: 'https://idp.example' } }, readStackFiles(parsed, folder))
    const image = { type: 'image/svg+xml', data: Buffer.from(SVG).toString('base64') }
    expect(plan.brands['default']?.logo).toEqual(image)
    expect(plan.identityProviders['sso']?.logo).toEqual(image)
  })

  it('that could do harm, or are too large to be read, are named with their places', () => {
    expect(mistakesOf(() => readStackFiles(withLogos('evil.svg', 'film.svg'), folder))).toEqual([
      'gatewright:brands.default.logo evil.svg: has <script>, which runs a script',
      'gatewright:identityProviders.sso.logo film.svg: has 3072 KiB; 64 KiB is the most: make it smaller',
    ])
  })
})

function mistakesOf(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}
