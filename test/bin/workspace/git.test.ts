import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fileAtRef } from '../../../bin/workspace/index.ts'
import { temporaryFolder } from '../folder.ts'

/** A repository with one commit, in which the project is a folder. */
function repository(content: string): { project: string; git: (...args: string[]) => string } {
  const root = temporaryFolder()
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=alice', '-c', 'user.email=alice@acme.example', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim()
  const project = join(root, 'project')
  mkdirSync(join(project, 'stacks'), { recursive: true })
  writeFileSync(join(project, 'stacks', 'a.yaml'), content)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('commit', '--quiet', '--message=one')
  return { project, git }
}

it('reads a file as it was, and nothing where there was none', async () => {
  const { project, git } = repository('before\n')
  writeFileSync(join(project, 'stacks', 'a.yaml'), 'after\n')
  for (const ref of ['main', 'HEAD', git('rev-parse', 'HEAD')]) {
    expect(await fileAtRef(project, ref, 'stacks/a.yaml')).toBe('before\n')
  }
  expect(await fileAtRef(project, 'main', 'stacks/b.yaml')).toBeUndefined()
})

it('reads all of a large file, byte by byte as it was stored', async () => {
  const content = `first: 1\r\n${'# ä\n'.repeat(40_000)}last: 1`
  const { project } = repository(content)
  expect(await fileAtRef(project, 'main', 'stacks/a.yaml')).toBe(content)
})

it('refuses a file of which it could not keep all', async () => {
  const { project } = repository('x'.repeat(4 * 1024 * 1024))
  await expect(fileAtRef(project, 'main', 'stacks/a.yaml')).rejects.toMatchObject({ code: 'git_failed' })
})

it.each([
  'nowhere',
  '',
  '--output=stolen',
  '-h',
  'main:project/stacks/a.yaml',
  'main^{tree}',
  'main --',
  '$(id)',
  '\n',
])('knows no ref %j', async (ref) => {
  const { project, git } = repository('before\n')
  await expect(fileAtRef(project, ref, 'stacks/a.yaml')).rejects.toMatchObject({ code: 'git_failed' })
  expect(git('status', '--porcelain')).toBe('')
})
