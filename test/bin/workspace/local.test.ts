import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ensureBackend, localEnvironment, localPlaces } from '../../../bin/workspace/local.ts'
import { temporaryFolder } from '../folder.ts'

describe('the local backend', () => {
  it('gets a passphrase that only its owner reads, once', () => {
    const places = localPlaces(temporaryFolder())
    expect(ensureBackend(places)).toEqual({ isNewPassphrase: true })
    const passphrase = readFileSync(places.passphraseFile, 'utf8')
    expect(passphrase).toMatch(/^[\w-]{43}$/)
    expect(statSync(places.passphraseFile).mode & 0o777).toBe(0o600)
    expect(statSync(places.folder).mode & 0o777).toBe(0o700)
    expect(ensureBackend(places)).toEqual({ isNewPassphrase: false })
    expect(readFileSync(places.passphraseFile, 'utf8')).toBe(passphrase)
  })

  it('closes a folder and a broken-off passphrase file that others could read', () => {
    const places = localPlaces(temporaryFolder())
    mkdirSync(places.folder)
    writeFileSync(places.passphraseFile, '')
    chmodSync(places.folder, 0o755)
    chmodSync(places.passphraseFile, 0o644)
    expect(ensureBackend(places)).toEqual({ isNewPassphrase: true })
    expect(statSync(places.passphraseFile).mode & 0o777).toBe(0o600)
    expect(statSync(places.folder).mode & 0o777).toBe(0o700)
  })

  it('gets no new passphrase while there is state that only the lost one opens', () => {
    const places = localPlaces(temporaryFolder())
    mkdirSync(dirname(places.checkpoint), { recursive: true })
    writeFileSync(places.checkpoint, '{}')
    expect(() => ensureBackend(places)).toThrow(expect.objectContaining({ code: 'passphrase_lost' }))
    expect(existsSync(places.passphraseFile)).toBe(false)
  })

  it('is named by an absolute URL, whatever the folder is called', () => {
    const places = localPlaces('/home/a b/ü#1')
    const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE, GATEWRIGHT_JOURNAL } = localEnvironment(places)
    expect(fileURLToPath(PULUMI_BACKEND_URL)).toBe('/home/a b/ü#1/.gatewright/state')
    expect(GATEWRIGHT_JOURNAL).toBe('/home/a b/ü#1/.gatewright/stacks/local/journal')
    expect(PULUMI_CONFIG_PASSPHRASE_FILE).toBe('/home/a b/ü#1/.gatewright/passphrase')
  })
})
