import { execute, Failure, systemErrorCode } from '../command/index.ts'

const TIMEOUT_MS = 30_000
/** More than any stack file has; of a larger one only the end would be there, which may say something else. */
const MAX_CHARACTERS = 4 * 1024 * 1024

/**
 * Reads a file as it stands at a git ref.
 * @param path relative to the project
 * @returns undefined where the ref has no such file
 * @throws Failure `git_failed` when there is no such ref, or no git, or the file has 4 Mi characters and more
 */
export async function fileAtRef(project: string, ref: string, path: string): Promise<string | undefined> {
  const commit = await git(project, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  if (commit.code !== 0) {
    throw new Failure('git_failed', `git knows no "${ref}" here. In a shallow clone, fetch it first: git fetch origin.`)
  }
  const prefix = (await git(project, ['rev-parse', '--show-prefix'])).stdout.trim()
  const name = `${commit.stdout.trim()}:${prefix}${path}`
  if ((await git(project, ['cat-file', '-e', name])).code !== 0) return undefined
  // Not `git show`, which a repository can have convert what it shows.
  const { code, stdout, stderr } = await git(project, ['cat-file', 'blob', name])
  if (code === 0 && stdout.length < MAX_CHARACTERS) return stdout
  if (code === 0) throw new Failure('git_failed', `${path} at "${ref}" is too large to be a stack file.`)
  throw new Failure('git_failed', `git cannot show ${path} at "${ref}": ${stderr.trim()}`)
}

async function git(cwd: string, args: string[]) {
  try {
    return await execute('git', args, { cwd, timeoutMs: TIMEOUT_MS, keptCharacters: MAX_CHARACTERS })
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
    throw new Failure('git_failed', 'There is no git on the PATH, and --against needs it.', { cause: error })
  }
}
