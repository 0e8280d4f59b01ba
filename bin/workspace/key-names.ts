import { isMap, isSeq } from 'yaml'
import { Failure } from '../command/index.ts'
import { readStackFile } from './check-stack-file.ts'
import { parseStackText, replaceFile, setEntry } from './yaml-edit.ts'

/** As under `gatewright:keys`: the key in use first. */
export interface KeyLists {
  signing: string[]
  sealing: string[]
}

const KEYS = 'gatewright:keys'
const DEFAULT = ['k1']

/**
 * Reads the names of the gateway's keys from a stack file; what it leaves out is the default.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`
 */
export function readKeyNames(file: string): KeyLists {
  const document = parseStackText(readStackFile(file), file)
  const keys: unknown = document.getIn(['config', KEYS], true)
  if (keys !== undefined && !isMap(keys)) {
    throw new Failure(
      'stack_file_invalid',
      `${file}: write ${KEYS} as a map of lists, { signing: [k1], sealing: [k1] }.`,
    )
  }
  const names = (list: string): string[] => {
    const value: unknown = document.getIn(['config', KEYS, list])
    if (value === undefined) return DEFAULT
    if (isSeq(value) && value.items.length > 0) return value.items.map(String)
    throw new Failure('stack_file_invalid', `${file}: ${KEYS}.${list} is no list of names.`)
  }
  return { signing: names('signing'), sealing: names('sealing') }
}

/**
 * Writes them; nothing else of the file changes.
 * @throws Failure `stack_file_missing`, `stack_file_invalid`
 */
export function writeKeyNames(
  file: string,
  { signing, sealing }: { [Name in keyof KeyLists]: readonly string[] },
): void {
  const text = readStackFile(file)
  const config: unknown = parseStackText(text, file).get('config')
  if (!isMap(config)) throw new Failure('stack_file_invalid', `${file} has no config.`)
  const list = (names: readonly string[]): string => `[${names.join(', ')}]`
  replaceFile(file, setEntry(text, config, KEYS, `{ signing: ${list(signing)}, sealing: ${list(sealing)} }`))
}
