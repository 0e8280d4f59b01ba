import { type Document, isMap, isSeq, type YAMLMap } from 'yaml'
import { Failure } from '../command/index.ts'
import { readStackFile } from './check-stack-file.ts'
import { parseStackText, replaceFile, setEntry } from './yaml-edit.ts'

const PROVIDERS = ['config', 'gatewright:identityProviders'] as const
const RELYING_PARTIES = ['config', 'gatewright:relyingParties'] as const

/** What a stack file says of an identity provider's client secrets. */
export interface ProviderSecrets {
  kind: string
  /** The client shows no credential. */
  isPublic: boolean
  /** The client was made by hand. */
  isBrought: boolean
  /** `clientSecrets`; undefined where the file leaves it to the default. */
  names: string[] | undefined
  /** Relying parties that have a client there, and that somebody gives the new secret to. */
  relyingParties: string[]
}

/**
 * Reads the names of a provider's client secrets from a stack file, without opening anything that is encrypted in it.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`, `provider_unknown`
 */
export function readClientSecrets(file: string, provider: string): ProviderSecrets {
  const document = parseStackText(readStackFile(file), file)
  const entry = entryOf(document, file, provider)
  const names = entry.get('clientSecrets')
  if (names !== undefined && !isSeq(names)) {
    throw new Failure('stack_file_invalid', `${file}: write clientSecrets of ${provider} as a list, [first].`)
  }
  return {
    kind: String(entry.get('kind')),
    isPublic: entry.get('authMethod') === 'none',
    isBrought: entry.has('client'),
    names: isSeq(names) ? names.items.map(String) : undefined,
    relyingParties: relyingPartiesOf(document, provider),
  }
}

/**
 * Writes the names of a provider's client secrets into a stack file. It is the operator's own text, so that nothing else of
 * it changes.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`, `provider_unknown`
 */
export function writeClientSecrets(file: string, provider: string, names: readonly string[]): void {
  const text = readStackFile(file)
  const entry = entryOf(parseStackText(text, file), file, provider)
  const list = `[${names.map((name) => `'${name}'`).join(', ')}]`
  replaceFile(file, setEntry(text, entry, 'clientSecrets', list))
}

/** Pangolin is given the new one by the deployment itself. */
function relyingPartiesOf(document: Document.Parsed, provider: string): string[] {
  const all: unknown = document.getIn(RELYING_PARTIES)
  const entries = isMap(all) ? all.items : []
  return entries.flatMap(({ key, value }) =>
    isMap(value) && value.get('identityProvider') === provider && value.get('kind') !== 'pangolin' ? [String(key)] : [],
  )
}

function entryOf(document: Document.Parsed, file: string, provider: string): YAMLMap {
  const entry: unknown = document.getIn([...PROVIDERS, provider])
  if (isMap(entry)) return entry
  const all: unknown = document.getIn(PROVIDERS)
  const known = isMap(all) ? all.items.map(({ key }) => String(key)) : []
  throw new Failure('provider_unknown', `${file} has no identity provider "${provider}"; it has ${known.join(', ')}.`)
}
