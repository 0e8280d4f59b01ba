import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { parseStack, StackConfigError, structured } from '../../infra/config/index.ts'
import { Failure, systemErrorCode } from '../command/index.ts'
import { yamlAmbiguity } from './yaml-ambiguity.ts'

const namespace = 'gatewright:'

/**
 * Checks a stack file as the program will, before an engine is started: mistakes are told at once and without its noise.
 * A file with encrypted values is left to the program, which sees them decrypted.
 * @throws Failure `stack_file_missing`, or `stack_file_invalid` with every mistake in a line of its own
 */
export function checkStackFile(file: string): void {
  told(file, () => {
    const input = stackInput(readStackFile(file), file)
    if (!hasCipher(input)) parseStack(input)
  })
}

/**
 * Reads what a stack file says under `gatewright:`, unchecked and with ciphertext as it stands; nothing that the engine
 * would read otherwise.
 * @param text the file's content
 * @param file what it is called in messages
 * @throws Failure `stack_file_invalid`
 */
export function stackInput(text: string, file: string): Record<string, unknown> {
  const document = parseDocument(text)
  const [mistake] = document.errors
  if (mistake !== undefined) throw new Failure('stack_file_invalid', `${file} is not YAML: ${mistake.message}`)
  const ambiguity = yamlAmbiguity(text, document)
  if (ambiguity !== undefined) throw new Failure('stack_file_invalid', `${file}: ${ambiguity}.`)
  const { config, environment } = (document.toJS() ?? {}) as { config?: unknown; environment?: unknown }
  if (environment !== undefined) {
    throw new Failure(
      'stack_file_invalid',
      `${file}: environment brings settings that stand elsewhere: write them here.`,
    )
  }
  const entries = Object.entries(isMap(config) ? config : {}).filter(([key]) => key.startsWith(namespace))
  return told(file, () =>
    Object.fromEntries(
      entries.map(([key, value]) => [
        key.slice(namespace.length),
        typeof value === 'string' ? structured(key, value) : value,
      ]),
    ),
  )
}

/** @throws Failure `stack_file_missing` */
export function readStackFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
    throw new Failure('stack_file_missing', `${file} is missing: write it, or name another stack.`, { cause: error })
  }
}

function told<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof StackConfigError)) throw error
    throw new Failure('stack_file_invalid', `${file}\n${error.message}`, { cause: error })
  }
}

function hasCipher(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasCipher)
  return isMap(value) && (typeof value['secure'] === 'string' || Object.values(value).some(hasCipher))
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
