import { renameSync, writeFileSync } from 'node:fs'
import { type Document, isMap, isNode, isSeq, parseDocument, type YAMLMap } from 'yaml'
import { Failure } from '../command/index.ts'
import { readStackFile } from './check-stack-file.ts'

const PROVIDERS = ['config', 'gatewright:identityProviders'] as const

/** What a stack file says of an identity provider's client secrets. */
export interface ProviderSecrets {
  kind: string
  /** The client was made by hand. */
  isBrought: boolean
  /** `clientSecrets`; undefined where the file leaves it to the default. */
  names: string[] | undefined
}

/**
 * Reads the names of a provider's client secrets from a stack file, without opening anything that is encrypted in it.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`, `provider_unknown`
 */
export function readClientSecrets(file: string, provider: string): ProviderSecrets {
  const entry = entryOf(parse(readStackFile(file), file), file, provider)
  const names = entry.get('clientSecrets')
  return {
    kind: String(entry.get('kind')),
    isBrought: entry.has('client'),
    names: isSeq(names) ? names.items.map(String) : undefined,
  }
}

/**
 * Writes the names of a provider's client secrets into a stack file. It is the operator's own text, so that nothing else of
 * it changes.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`, `provider_unknown`
 */
export function writeClientSecrets(file: string, provider: string, names: readonly string[]): void {
  const text = readStackFile(file)
  const entry = entryOf(parse(text, file), file, provider)
  const list = `[${names.map((name) => `'${name}'`).join(', ')}]`
  const present: unknown = entry.get('clientSecrets', true)
  const [start, last] = isNode(present) ? (present.range ?? [0, 0]) : [startOf(entry), startOf(entry)]
  // A list with an entry a line reaches to where the next key begins.
  const end = start + text.slice(start, last).trimEnd().length
  const pair = `clientSecrets: ${list}${entry.flow ? ', ' : `\n${indentation(text, start)}`}`
  // In one step: a kill must not leave half a file.
  const draft = `${file}.draft`
  writeFileSync(draft, text.slice(0, start) + (isNode(present) ? list : pair) + text.slice(end))
  renameSync(draft, file)
}

/** Where the first key of a map stands in the text. */
function startOf(map: YAMLMap): number {
  const key: unknown = map.items[0]?.key
  return isNode(key) ? (key.range?.[0] ?? 0) : 0
}

function indentation(text: string, offset: number): string {
  return ' '.repeat(offset - text.lastIndexOf('\n', offset - 1) - 1)
}

function entryOf(document: Document.Parsed, file: string, provider: string): YAMLMap {
  const entry: unknown = document.getIn([...PROVIDERS, provider])
  if (isMap(entry)) return entry
  const all: unknown = document.getIn(PROVIDERS)
  const known = isMap(all) ? all.items.map(({ key }) => String(key)) : []
  throw new Failure('provider_unknown', `${file} has no identity provider "${provider}"; it has ${known.join(', ')}.`)
}

function parse(text: string, file: string): Document.Parsed {
  const document = parseDocument(text)
  const [mistake] = document.errors
  if (mistake) throw new Failure('stack_file_invalid', `${file} is not YAML: ${mistake.message}`)
  return document
}
