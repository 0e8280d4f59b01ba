import { execute, Failure, systemErrorCode } from '../command/index.ts'

const TIMEOUT_MS = 30_000

/**
 * Reads a file as it stands at a git ref.
 * @param path relative to the project
 * @returns undefined where the ref has no such file
 * @throws Failure `git_failed` when there is no such ref, or no git
 */
export async function fileAtRef(project: string, ref: string, path: string): Promise<string | undefined> {
  const commit = await git(project, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  if (commit.code !== 0) {
    throw new Failure('git_failed', `git knows no "${ref}" here. In a shallow clone, fetch it first: git fetch origin.`)
  }
  const prefix = (await git(project, ['rev-parse', '--show-prefix'])).stdout.trim()
  const name = `${commit.stdout.trim()}:${prefix}${path}`
  if ((await git(project, ['cat-file', '-e', name])).code !== 0) return undefined
  const { code, stdout, stderr } = await git(project, ['show', name])
  if (code === 0) return stdout
  throw new Failure('git_failed', `git cannot show ${path} at "${ref}": ${stderr.trim()}`)
}

async function git(cwd: string, args: string[]) {
  try {
    return await execute('git', args, { cwd, timeoutMs: TIMEOUT_MS })
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
    throw new Failure('git_failed', 'There is no git on the PATH, and --against needs it.', { cause: error })
  }
}
