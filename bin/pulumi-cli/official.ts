import { fileURLToPath } from 'node:url'
import { execute } from '../command/index.ts'
import type { Rejection } from './candidates.ts'

const installTimeoutMs = 10 * 60_000
const installer = fileURLToPath(new URL('official-installer.ts', import.meta.url))

/**
 * Runs the official installer; the CLI is in `<root>/bin` afterwards. In a process of its own, so that a download which
 * hangs can be ended.
 * @param root folder to install into
 * @param report told when the download begins
 * @returns nothing when it has worked, otherwise why not
 */
export async function installOfficial(root: string, report: (line: string) => void): Promise<Rejection | undefined> {
  // Node's fetch looks at HTTPS_PROXY and NO_PROXY only when it is told to.
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1' }
  const { code, stderr } = await execute(process.execPath, [installer, root], {
    timeoutMs: installTimeoutMs,
    env,
    onErrorLine: (line) => {
      if (line.startsWith('Downloading')) report(line)
    },
  })
  if (code === 0) return undefined
  const last = stderr.trim().split('\n').at(-1) ?? ''
  return { reason: code === undefined ? 'the download did not end within 10 minutes' : last }
}
