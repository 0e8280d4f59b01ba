import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execute, Failure } from '../command/index.ts'
import { projectRoot } from './local.ts'

/** Larger than any state that a stack has, in characters. */
const MOST = 64 * 1024 * 1024

/** For the CLI, in milliseconds: a backend in the cloud has to answer. */
const TIMEOUT_MS = 60_000

/**
 * Reads the state of a stack that was selected, as the last deployment left it. The CLI gives it: the Automation API
 * decrypts the secrets in it.
 * @returns JSON with every secret encrypted
 * @throws Failure `backend_failed` with what the CLI said
 */
export async function exportState(stack: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-state-'))
  try {
    const file = join(folder, 'state.json')
    const args = ['stack', 'export', '--stack', stack, '--file', file, '--non-interactive']
    const { code, stderr } = await execute('pulumi', args, { cwd: projectRoot, timeoutMs: TIMEOUT_MS })
    if (code === 0) return await readFile(file, 'utf8')
    const said = stderr.trim() || 'The CLI gave no answer in time.'
    throw new Failure('backend_failed', `The state of stack ${stack} cannot be read: ${said}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Reads the same with its secrets, which go through a pipe and never into a file.
 * @returns undefined where they cannot be had: no passphrase, or no right to the key
 */
export async function exportStateWithSecrets(stack: string): Promise<string | undefined> {
  const args = ['stack', 'export', '--stack', stack, '--show-secrets', '--non-interactive']
  const options = { cwd: projectRoot, timeoutMs: TIMEOUT_MS, keptCharacters: MOST }
  const { code, stdout } = await execute('pulumi', args, options)
  return code === 0 ? stdout : undefined
}
