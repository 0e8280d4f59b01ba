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

const stack =
  'config:\n  gatewright:url: https://login.acme.example\n  gatewright:routes: {}\n  gatewright:identityProviders: {}\n'

/** Each was seen to be read by the engine: what stands there would be deployed, and no review would show it. */
it.each([
  ['a line that ends with a carriage return', `${stack}  # harmless\r  gatewright:name: Hidden\n`, 'U+000D (line 5)'],
  ['a line that ends with U+0085', `${stack}  # harmless\u0085  gatewright:name: Hidden\n`, 'U+0085 (line 5)'],
  ['a line that ends with U+2028', `${stack}  # harmless\u2028  gatewright:name: Hidden\n`, 'U+2028 (line 5)'],
  ['a line that ends with U+2029', `${stack}  # harmless\u2029  gatewright:name: Hidden\n`, 'U+2029 (line 5)'],
  ['a setting without a namespace', `${stack}  url: https://evil.example\n`, 'config.url'],
  ['the same behind an alias', `x: &x { url: https://evil.example }\nconfig: *x\n`, 'config.url'],
  ['a setting in the old spelling', `${stack}  gatewright:config:name: Hidden\n`, 'config.gatewright:config:name'],
  ['a merge', `x: &x { gatewright:name: Hidden }\n${stack}  <<: *x\n`, 'merge key <<'],
  ['a merge of everything', `x: &x { config: { gatewright:name: Hidden } }\n<<: *x\n`, 'merge key <<'],
  ['an octal number', `${stack}  gatewright:session: { idleMinutes: 0100 }\n`, '0100 (line 5)'],
  ['settings from elsewhere', `environment: [production]\n${stack}`, 'environment'],
])('refuses %s, which the engine would read and we would not', (_, text, named) => {
  expect(() => checkStackFile(file(stack))).not.toThrow()
  const { code, message } = failure(file(text))
  expect([code, message]).toEqual(['stack_file_invalid', expect.stringContaining(named)])
})

it('accepts line ends of Windows, and such characters where they are written as escapes', () => {
  expect(() => checkStackFile(file(stack.replaceAll('\n', '\r\n')))).not.toThrow()
  expect(() => checkStackFile(file(`${stack}  gatewright:name: "a\\u2028b"\n`))).not.toThrow()
})

it('says when there is no file', () => {
  expect(failure(join(temporaryFolder(), 'nothing.yaml')).code).toBe('stack_file_missing')
})
