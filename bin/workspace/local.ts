import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Failure } from '../command/index.ts'

/** The stack that `npm run up` makes on this machine, with a backend and a passphrase of its own. */
export const localStack = 'local'

/** As in Pulumi.yaml. */
export const projectName = 'gatewright'

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/**
 * Where a stack file stands.
 * @returns relative to the project's folder, with slashes, as git names it
 */
export function stackFilePath(stack: string): string {
  return `stacks/Pulumi.${stack}.yaml`
}

/** Where the local stack keeps what it needs; all of it is git-ignored. */
export interface LocalPlaces {
  /** Holds what follows, and other stacks' programs. */
  folder: string
  /** The stack's programs and its provider's journal; nothing of another stack's. */
  programs: string
  /** Pulumi's file backend. */
  state: string
  /** What the backend knows of the local stack; there as soon as the stack is. */
  checkpoint: string
  passphraseFile: string
  /** The stack file, written from the example once. */
  stackFile: string
  exampleFile: string
}

/** The local stack's places under a project's folder. */
export function localPlaces(root: string): LocalPlaces {
  const folder = join(root, '.gatewright')
  return {
    folder,
    programs: join(folder, 'stacks', localStack),
    state: join(folder, 'state'),
    checkpoint: join(folder, 'state', '.pulumi', 'stacks', projectName, `${localStack}.json`),
    passphraseFile: join(folder, 'passphrase'),
    stackFile: join(root, stackFilePath(localStack)),
    exampleFile: join(root, 'stacks', `${localStack}.example.yaml`),
  }
}

/**
 * The variables by which any `pulumi` finds the local stack, and our provider a journal that goes when the stack goes.
 * Values are absolute: plain `pulumi` may run anywhere.
 */
export function localEnvironment(
  places: LocalPlaces,
): Record<'PULUMI_BACKEND_URL' | 'PULUMI_CONFIG_PASSPHRASE_FILE' | 'GATEWRIGHT_JOURNAL', string> {
  return {
    // Without `metadata=skip` the backend writes a sidecar file to each of its files, in place: an engine that is killed
    // meanwhile leaves an empty one, and every later command ends with "EOF".
    PULUMI_BACKEND_URL: `${pathToFileURL(places.state).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: places.passphraseFile,
    GATEWRIGHT_JOURNAL: join(places.programs, 'journal'),
  }
}

/**
 * Makes the backend's folder and, once, a passphrase of 256 random bits that only this user reads.
 * @returns whether the passphrase is a new one: then nothing that was encrypted before can be read
 * @throws Failure `passphrase_lost` when the stack's state is there, and the passphrase that opens it is not
 */
export function ensureBackend(places: LocalPlaces): { isNewPassphrase: boolean } {
  mkdirSync(places.state, { recursive: true, mode: 0o700 })
  chmodSync(places.folder, 0o700)
  // A file that broke off while it was written is as good as none.
  if (existsSync(places.passphraseFile) && readFileSync(places.passphraseFile, 'utf8').trim() !== '') {
    return { isNewPassphrase: false }
  }
  if (existsSync(places.checkpoint)) {
    throw new Failure(
      'passphrase_lost',
      `${places.passphraseFile} is gone, and the local stack's state opens with nothing else. Remove the stack with ` +
        '`npm run down`; then `npm run up` makes a new one.',
    )
  }
  writeFileSync(places.passphraseFile, randomBytes(32).toString('base64url'), { mode: 0o600 })
  chmodSync(places.passphraseFile, 0o600)
  return { isNewPassphrase: true }
}
