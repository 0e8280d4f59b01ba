import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, parse, parseDocument, visit } from 'yaml'
import { Failure } from '../command/index.ts'
import type { LocalPlaces } from './local.ts'

const salt = 'encryptionsalt'

/**
 * Writes the local stack file from the example where there is none.
 * @returns whether it was written
 * @throws Failure `stack_file_missing` when the example is not there either
 */
export function ensureStackFile({ stackFile, exampleFile }: LocalPlaces): boolean {
  if (existsSync(stackFile)) return false
  if (!existsSync(exampleFile)) {
    throw new Failure('stack_file_missing', `${exampleFile} is missing: restore it from git, or write ${stackFile}.`)
  }
  copyFileSync(exampleFile, stackFile)
  return true
}

/**
 * Takes the salt of a passphrase that is no more out of the stack file; Pulumi writes a new one.
 * @throws Failure `passphrase_lost` when the file holds values that only the old passphrase opens
 */
export function forgetSalt({ stackFile, passphraseFile }: LocalPlaces): void {
  const text = readFileSync(stackFile, 'utf8')
  const encrypted = encryptedPaths(text, stackFile)
  if (encrypted.length > 0) {
    throw new Failure(
      'passphrase_lost',
      `${stackFile} holds values encrypted with a passphrase that is gone (${passphraseFile} was removed):\n` +
        `${encrypted.map((path) => `  ${path}`).join('\n')}\n` +
        'Take them out of the file, run the command again, and set them with `pulumi config set --secret`.',
    )
  }
  writeFileSync(stackFile, withoutSalt(text))
}

/** What `down` does with the stack file. */
export type StackFileEnd = 'absent' | 'removed' | 'kept'

/**
 * Removes the stack file where it says what the example says, and otherwise keeps the person's changes, without the salt.
 * @returns what was done, and the paths of values that nobody can decrypt any more
 */
export function releaseStackFile({ stackFile, exampleFile }: LocalPlaces): { end: StackFileEnd; unreadable: string[] } {
  if (!existsSync(stackFile)) return { end: 'absent', unreadable: [] }
  const text = withoutSalt(readFileSync(stackFile, 'utf8'))
  if (existsSync(exampleFile) && isDeepStrictEqual(parse(text), parse(readFileSync(exampleFile, 'utf8')))) {
    rmSync(stackFile)
    return { end: 'removed', unreadable: [] }
  }
  writeFileSync(stackFile, text)
  return { end: 'kept', unreadable: encryptedPaths(text, stackFile) }
}

function withoutSalt(text: string): string {
  return text.replace(new RegExp(`^${salt}:.*\\r?\\n?`, 'm'), '')
}

/** Paths of all `{ secure: … }` values, as a person would write them. */
function encryptedPaths(text: string, file: string): string[] {
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw new Failure('stack_file_invalid', `${file} is not YAML: ${document.errors[0]?.message}`)
  }
  const paths: string[] = []
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.value !== 'secure') return
      const keys = ancestors.flatMap((node, index) => keyOf(node, ancestors[index + 1]))
      paths.push(
        keys
          .filter((key) => key !== 'config')
          .join('.')
          .replaceAll('.[', '['),
      )
    },
  })
  return paths
}

function keyOf(node: unknown, child: unknown): string[] {
  if (isMap(node) || typeof node !== 'object' || node === null) return []
  if ('key' in node && isScalar(node.key)) return [String(node.key.value)]
  return 'items' in node && Array.isArray(node.items) ? [`[${node.items.indexOf(child)}]`] : []
}
