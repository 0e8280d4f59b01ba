import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execute, Failure } from '../command/index.ts'
import { projectRoot } from './local.ts'

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
