import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { clientSecretRotation, keyRotation, runRotation } from '../../../bin/rotation/index.ts'
import { readClientSecrets, readKeyNames, writeKeyNames } from '../../../bin/workspace/index.ts'

const TEXT = `config:
  gatewright:url: https://login.acme.com # the login host
  gatewright:identityProviders:
    acme: { kind: okta, domain: acme.okta.com }
    open: { kind: oidc, authMethod: none }
`
const TODAY = new Date().toISOString().slice(0, 10)

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-rotation-'))
  file = join(folder, 'Pulumi.production.yaml')
  writeFileSync(file, TEXT)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the names of keys in a stack file', () => {
  it('are the default where the file says nothing', () => {
    expect(readKeyNames(file)).toEqual({ signing: ['k1'], sealing: ['k1'] })
  })

  it('are written as one line, and nothing else of the file changes', () => {
    writeKeyNames(file, { signing: ['k1', 'k-2026-11-22'], sealing: ['k1'] })
    const line = '  gatewright:keys: { signing: [k1, k-2026-11-22], sealing: [k1] }\n'
    expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('config:\n', `config:\n${line}`))
    writeKeyNames(file, { signing: ['k2'], sealing: ['k1'] })
    expect(readKeyNames(file)).toEqual({ signing: ['k2'], sealing: ['k1'] })
    expect(readFileSync(file, 'utf8')).toContain('# the login host')
  })

  it('are written over a map with a key a line', () => {
    writeFileSync(file, `${TEXT}  gatewright:keys:\n    signing:\n      - k1\n  gatewright:name: Acme\n`)
    writeKeyNames(file, { signing: ['k2'], sealing: ['k2'] })
    expect(readKeyNames(file)).toEqual({ signing: ['k2'], sealing: ['k2'] })
    expect(readFileSync(file, 'utf8')).toMatch(/\n {2}gatewright:name: Acme\n$/)
  })
})

describe('a rotation', () => {
  it('deploys each state before the next is written, and waits where it has to', async () => {
    const seen: string[] = []
    const said: string[] = []
    await runRotation(keyRotation(file), {
      deploy: async () => seen.push(readKeyNames(file).signing.join()),
      pause: async (milliseconds) => seen.push(`${milliseconds / 1000} s`),
      progress: (text) => said.push(text),
    })
    const minutes = (count: number): string[] => Array.from({ length: count }, () => '60 s')
    const next = `k-${TODAY}`
    expect(seen).toEqual([`k1,${next}`, ...minutes(5), `${next},k1`, ...minutes(15), next])
    expect(said.join('\n')).toMatch(/5 minutes have to pass.*JWKS.*15 minutes have to pass.*sealed/s)
  })

  it('that broke off is led to its end by the same command', async () => {
    const broken = runRotation(keyRotation(file), {
      deploy: async () => undefined,
      pause: () => Promise.reject(new Error('killed')),
      progress: () => undefined,
    })
    await expect(broken).rejects.toThrow('killed')
    const states: string[] = []
    await runRotation(keyRotation(file), {
      deploy: async () => states.push(readKeyNames(file).sealing.join()),
      pause: async () => undefined,
      progress: () => undefined,
    })
    expect(states).toEqual([`k1,k-${TODAY}`, `k-${TODAY},k1`, `k-${TODAY}`])
  })

  it('of a client secret does not wait: its vendor is asked whether it takes the new one', () => {
    const { steps } = clientSecretRotation(file, 'acme')
    expect(steps.map(({ waitSeconds }) => waitSeconds)).toEqual([0, 0, 0])
  })

  it('of a client secret stops while both are good where other software has to be told, and goes on by the same command', async () => {
    const means = { deploy: async () => undefined, pause: async () => undefined, progress: () => undefined }
    writeFileSync(file, `${TEXT}  gatewright:relyingParties:\n    corp: { kind: pomerium, identityProvider: acme }\n`)
    const first = clientSecretRotation(file, 'acme')
    expect(first.steps).toHaveLength(2)
    expect(first.done).toMatch(/old one is still good.*corp.*same command again/)
    await runRotation(first, means)
    expect(readClientSecrets(file, 'acme').names).toEqual([TODAY, 'first'])
    const second = clientSecretRotation(file, 'acme')
    await runRotation(second, means)
    expect(second.done).toContain('the old one is gone')
    expect(readClientSecrets(file, 'acme').names).toEqual([TODAY])
  })

  it('is refused where there is nothing to rotate', () => {
    expect(() => clientSecretRotation(file, 'open')).toThrow('shows no credential')
    expect(() => clientSecretRotation(file, 'nobody')).toThrow('acme, open')
    expect(readFileSync(file, 'utf8')).toBe(TEXT)
  })
})
