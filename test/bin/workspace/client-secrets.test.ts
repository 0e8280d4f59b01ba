import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readClientSecrets, writeClientSecrets } from '../../../bin/workspace/index.ts'

const TEXT = `# Production.
encryptionsalt: v1:abc
config:
  gatewright:url: https://login.acme.com # the login host
  gatewright:identityProviders:
    acme: # ours
      kind: okta
      domain: acme.okta.com
      credentials: { apiToken: { secure: v1:xyz } }
    google: { kind: google, client: { id: x, secret: { secure: v1:abc } } }
`

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-secrets-'))
  file = join(folder, 'Pulumi.production.yaml')
  writeFileSync(file, TEXT)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the names of client secrets in a stack file', () => {
  it('are read without opening what is encrypted', () => {
    expect(readClientSecrets(file, 'acme')).toEqual({
      kind: 'okta',
      isPublic: false,
      isBrought: false,
      names: undefined,
      relyingParties: [],
    })
    expect(readClientSecrets(file, 'google')).toEqual({
      kind: 'google',
      isPublic: false,
      isBrought: true,
      names: undefined,
      relyingParties: [],
    })
  })

  it('are written as one line, and nothing else of the file changes', () => {
    writeClientSecrets(file, 'acme', ['2026-11-22', 'first'])
    const line = "      clientSecrets: ['2026-11-22', 'first']\n"
    expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('      kind: okta\n', `${line}      kind: okta\n`))
    expect(readClientSecrets(file, 'acme').names).toEqual(['2026-11-22', 'first'])
    writeClientSecrets(file, 'acme', ['2026-11-22'])
    const shorter = "      clientSecrets: ['2026-11-22']\n"
    expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('      kind: okta\n', `${shorter}      kind: okta\n`))
  })

  it('are written into a map on one line, too', () => {
    writeClientSecrets(file, 'google', ['b', 'a'])
    expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('google: { kind', "google: { clientSecrets: ['b', 'a'], kind"))
  })

  it('are written over a list with an entry a line, and what follows it stays', () => {
    const before = '      domain: acme.okta.com\n'
    const list = '      clientSecrets:\n        - first # of all\n        - blue\n      # Where they are.\n'
    writeFileSync(file, TEXT.replace(before, list + before))
    writeClientSecrets(file, 'acme', ['b', 'a'])
    const line = "      clientSecrets:\n        ['b', 'a']\n      # Where they are.\n"
    expect(readFileSync(file, 'utf8')).toBe(TEXT.replace(before, line + before))
    expect(readClientSecrets(file, 'acme').names).toEqual(['b', 'a'])
  })

  it('come with the relying parties that somebody has to tell: not with Pangolin, and not with those of others', () => {
    const parties = `  gatewright:relyingParties:
    corp: { kind: pomerium, identityProvider: acme }
    notes: { kind: app, identityProvider: google }
    tunnel: { kind: pangolin, identityProvider: acme }
`
    writeFileSync(file, TEXT + parties)
    expect(readClientSecrets(file, 'acme').relyingParties).toEqual(['corp'])
    expect(readClientSecrets(file, 'google').relyingParties).toEqual(['notes'])
  })

  it('are refused for a provider that is not there, with those that are', () => {
    expect(() => readClientSecrets(file, 'akme')).toThrow(/no identity provider "akme"; it has acme, google/)
  })
})
