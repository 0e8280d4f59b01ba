import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../bin/workspace/local.ts'
import { script, temporaryFolder } from '../folder.ts'

const lock = {
  packages: {
    '': { name: 'x' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/native-elsewhere': { version: '1.0.0', optional: true, os: ['aix'] },
  },
}
const installed = { packages: { 'node_modules/a': lock.packages['node_modules/a'] } }

/**
 * A project with the real set-up, one command, and in npm's place a script that installs what the lock says.
 * @param npm what that script does after it has told that it was called
 */
function project(npm = '') {
  const root = temporaryFolder()
  cpSync(join(projectRoot, 'bin', 'setup'), join(root, 'bin', 'setup'), { recursive: true })
  cpSync(join(projectRoot, 'bin', 'setup.mjs'), join(root, 'bin', 'setup.mjs'))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock))
  writeFileSync(join(root, 'note.json'), JSON.stringify(installed))
  writeFileSync(
    join(root, 'bin', 'show.ts'),
    `const args: string[] = process.argv.slice(2)
     if (args[0] === 'wait') { process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000) }
     console.log(JSON.stringify({ args, path: process.env.PATH }))
     if (args[0] === 'fail') process.exit(7)`,
  )
  const modules = join(root, 'node_modules')
  script(
    join(root, 'tools', 'npm'),
    `echo "$@" >> ${root}/calls`,
    npm,
    `rm -rf ${modules} && mkdir -p ${modules}/.bin && ln -s ${process.execPath} ${modules}/.bin/node`,
    `cp ${root}/note.json ${modules}/.package-lock.json`,
  )
  const { npm_execpath: _, ...env } = process.env
  env['PATH'] = `${join(root, 'tools')}:/usr/bin:/bin`
  const args = (command: string[]) => [join(root, 'bin', 'setup.mjs'), ...command]
  return {
    root,
    modules,
    run: (...command: string[]) => spawnSync(process.execPath, args(command), { encoding: 'utf8', env, cwd: '/' }),
    start: (...command: string[]) => spawn(process.execPath, args(command), { env, cwd: '/' }),
    calls: () => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : []),
  }
}

const exitOf = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[0]

describe('the set-up', () => {
  it('installs from the lockfile, runs the command with the project first on PATH, and installs no second time', () => {
    const { run, calls, modules } = project()
    const first = run('show', 'a b', '--c')
    expect(first.stderr).toBe('Installing dependencies from package-lock.json…\n')
    expect(JSON.parse(first.stdout)).toMatchObject({ args: ['a b', '--c'] })
    expect(JSON.parse(first.stdout).path.split(':')[0]).toBe(join(modules, '.bin'))
    expect(run('show')).toMatchObject({ status: 0, stderr: '' })
    expect(calls()).toEqual([expect.stringMatching(/^ci --ignore-scripts /)])
  })

  it('takes what npm itself has installed', () => {
    const { run, calls, modules } = project()
    mkdirSync(join(modules, '.bin'), { recursive: true })
    symlinkSync(process.execPath, join(modules, '.bin', 'node'))
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify(installed))
    expect(run('show').status).toBe(0)
    expect(calls()).toEqual([])
  })

  it('installs nothing through a link: what it leads to is somebody else’s', () => {
    const { root, run, calls, modules } = project()
    const theirs = join(root, 'theirs')
    mkdirSync(theirs)
    writeFileSync(join(theirs, 'kept'), '')
    symlinkSync(theirs, modules)
    expect(run('show')).toMatchObject({ status: 1, stderr: expect.stringContaining(`${modules} is a link`) })
    expect(calls()).toEqual([])
    expect(existsSync(join(theirs, 'kept'))).toBe(true)
  })

  it.each([
    ['another version is installed', { 'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' } }],
    ['other content is installed', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
    ['something is missing', {}],
    [
      'it was installed for another platform',
      { ...installed.packages, 'node_modules/native-elsewhere': { version: '1.0.0', optional: true, os: ['aix'] } },
    ],
  ])('installs again when %s', (_, packages) => {
    const { run, calls, modules } = project()
    mkdirSync(modules)
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }))
    expect(run().status).toBe(0)
    expect(calls()).toHaveLength(1)
  })

  it('installs again after an installation that broke off', () => {
    const { run, calls, modules } = project()
    run()
    rmSync(join(modules, '.package-lock.json'))
    expect(run().status).toBe(0)
    expect(calls()).toHaveLength(2)
  })

  it('shows what npm said when it fails, and runs nothing', () => {
    const { run } = project('echo "npm error no registry" >&2; exit 5')
    const { status, stdout, stderr } = run('show')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('npm error no registry')
    expect(stderr).toContain('npm ci ended with 5')
    expect(stderr).not.toContain('    at ')
  })

  it('installs once when two start at the same time, and after one that was killed', async () => {
    // The first installation hangs, until the test ends it.
    const { root, start, calls } = project(
      '[ -e $0.pid ] || { echo $$ > $0.pid.new; mv $0.pid.new $0.pid; exec sleep 60; }',
    )
    const pid = () =>
      Number(existsSync(join(root, 'tools', 'npm.pid')) && readFileSync(join(root, 'tools', 'npm.pid'), 'utf8'))
    const killed = start('show')
    await expect.poll(pid, { timeout: 10_000 }).toBeGreaterThan(0)
    killed.kill('SIGKILL')
    await exitOf(killed)
    process.kill(pid(), 'SIGKILL')
    expect(existsSync(join(root, '.gatewright', 'install.lock'))).toBe(true)
    const both = [start('show'), start('show')]
    expect(await Promise.all(both.map(exitOf))).toEqual([0, 0])
    expect(calls()).toHaveLength(2)
    expect(existsSync(join(root, '.gatewright', 'install.lock'))).toBe(false)
  })

  it('refuses a command that is not there before it installs anything', () => {
    const { run, calls } = project()
    expect(run('../evil')).toMatchObject({ status: 1, stderr: 'There is no command "../evil" in bin/.\n' })
    expect(run('nothing').status).toBe(1)
    expect(calls()).toEqual([])
  })

  it('ends as the command ends', () => {
    expect(project().run('show', 'fail').status).toBe(7)
  })

  it('passes a signal on and waits for how the command takes it', async () => {
    const { start } = project()
    const child = start('show', 'wait')
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await exitOf(child)).toBe(9)
  })
})
