import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localPlaces, type LocalPlaces } from '../../../bin/workspace/local.ts'
import { ensureStackFile, forgetSalt, releaseStackFile } from '../../../bin/workspace/stack-file.ts'
import { temporaryFolder } from '../folder.ts'

const example =
  '# an example\nconfig:\n  gatewright:url: http://login.gw.localhost:8400 # here\n\n  gatewright:routes: {}\n'
const salt = 'encryptionsalt: v1:abc=:v1:def==\n'
const secret = '  gatewright:idps:\n    okta:\n      keys:\n        - token:\n            secure: v1:x\n'

function project(content: { example?: string; stack?: string }): LocalPlaces {
  const places = localPlaces(temporaryFolder())
  mkdirSync(dirname(places.stackFile), { recursive: true })
  if (content.example !== undefined) writeFileSync(places.exampleFile, content.example)
  if (content.stack !== undefined) writeFileSync(places.stackFile, content.stack)
  return places
}

describe('the local stack file', () => {
  it('is written from the example once, and never again', () => {
    const places = project({ example })
    expect(ensureStackFile(places)).toBe(true)
    expect(readFileSync(places.stackFile, 'utf8')).toBe(example)
    writeFileSync(places.stackFile, 'config: {}\n')
    expect(ensureStackFile(places)).toBe(false)
    expect(readFileSync(places.stackFile, 'utf8')).toBe('config: {}\n')
  })

  it('cannot be written without the example', () => {
    const places = project({})
    expect(() => ensureStackFile(places)).toThrow(expect.objectContaining({ code: 'stack_file_missing' }))
    expect(existsSync(places.stackFile)).toBe(false)
  })

  it('loses the salt of a passphrase that is gone, and nothing else', () => {
    const places = project({ stack: `${example}${salt}` })
    forgetSalt(places)
    expect(readFileSync(places.stackFile, 'utf8')).toBe(example)
  })

  it('is not touched when it holds values that only that passphrase opens', () => {
    const stack = `${example.replace('routes: {}\n', 'x: 1\n')}${secret}${salt}`
    const places = project({ stack })
    expect(() => forgetSalt(places)).toThrow(
      expect.objectContaining({
        code: 'passphrase_lost',
        message: expect.stringContaining('  gatewright:idps.okta.keys[0].token\n'),
      }),
    )
    expect(readFileSync(places.stackFile, 'utf8')).toBe(stack)
  })

  it('that is not YAML is refused with its place', () => {
    const places = project({ stack: 'config: [' })
    expect(() => forgetSalt(places)).toThrow(expect.objectContaining({ code: 'stack_file_invalid' }))
  })
})

describe('what is left of the stack file', () => {
  it('is nothing when it says what the example says, however the engine has laid it out', () => {
    const places = project({ example, stack: `${salt}${example.replace('\n\n', '\n')}` })
    expect(releaseStackFile(places)).toEqual({ end: 'removed', unreadable: [] })
    expect(existsSync(places.stackFile)).toBe(false)
  })

  it('is what the person has changed, without the salt', () => {
    const changed = example.replace('8400', '9000')
    const places = project({ example, stack: `${changed}${salt}` })
    expect(releaseStackFile(places)).toEqual({ end: 'kept', unreadable: [] })
    expect(readFileSync(places.stackFile, 'utf8')).toBe(changed)
  })

  it('names the values that nobody can read any more', () => {
    const stack = `config:\n${secret}${salt}`
    const places = project({ example, stack })
    expect(releaseStackFile(places)).toEqual({ end: 'kept', unreadable: ['gatewright:idps.okta.keys[0].token'] })
  })

  it('is nothing when there was none', () => {
    expect(releaseStackFile(project({ example }))).toEqual({ end: 'absent', unreadable: [] })
  })
})
