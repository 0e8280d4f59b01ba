import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Failure } from '../../../bin/command/index.ts'
import { checkStackFile } from '../../../bin/workspace/index.ts'
import { temporaryFolder } from '../folder.ts'

const example = 'stacks/local.example.yaml'

function file(text: string): string {
  const path = join(temporaryFolder(), 'Pulumi.local.yaml')
  writeFileSync(path, text)
  return path
}

function failure(path: string): Failure {
  try {
    checkStackFile(path)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('accepted')
}

it('accepts the example, and leaves files with encrypted values to the program', () => {
  const path = file('')
  copyFileSync(example, path)
  expect(() => checkStackFile(path)).not.toThrow()
  const provider =
    'config:\n  gatewright:url: https://login.acme.example\n  gatewright:routes: {}\n' +
    '  gatewright:identityProviders:\n    sso:\n      kind: oidc\n      issuer: https://sso.acme.example\n' +
    '      credentials: { initialAccessToken: { secure: v1:abc } }\n'
  expect(() => checkStackFile(file(provider))).not.toThrow()
})

it('tells every mistake in a line of its own', () => {
  const text = readFileSync(example, 'utf8').replace('kind: local', 'kind: lokal').replace('allow:', 'alow:')
  const { code, message } = failure(file(text))
  expect(code).toBe('stack_file_invalid')
  expect(message.split('\n').filter((line) => line.startsWith('  gatewright:'))).toHaveLength(2)
})

it.each([
  ['that is not YAML', 'config: [\n'],
  ['that is empty', ''],
  ['that is a list', '- a\n'],
  ['whose config is null', 'config:\n'],
])('refuses a file %s', (_, text) => {
  expect(failure(file(text)).code).toBe('stack_file_invalid')
})

it('says when there is no file', () => {
  expect(failure(join(temporaryFolder(), 'nothing.yaml')).code).toBe('stack_file_missing')
})
