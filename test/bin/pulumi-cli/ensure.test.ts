import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version as sdkVersion } from '@pulumi/pulumi/version.js'
import { describe, expect, it } from 'vitest'
import { candidates, inspect } from '../../../bin/pulumi-cli/candidates.ts'
import { buildCli, readToolchain } from '../../../bin/pulumi-cli/build.ts'
import { ensurePulumiCli } from '../../../bin/pulumi-cli/index.ts'
import { projectRoot } from '../../../bin/workspace/local.ts'
import { script, temporaryFolder } from '../folder.ts'

function cli(folder: string, version: string, options: { languageHost: boolean } = { languageHost: true }): string {
  script(join(folder, 'pulumi'), `[ "$1" = version ] && echo ${version}`)
  if (options.languageHost) script(join(folder, 'pulumi-language-nodejs'), 'exit 0')
  return folder
}

function toolchain(folder: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'go.mod'),
    'module x\n\ngo 1.26\n\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.250.0 // indirect\n',
  )
  return folder
}

/** A machine with a cache, a PATH and whatever the test puts there. */
function machine() {
  const root = temporaryFolder()
  const said: string[] = []
  const toolchainFolder = toolchain(join(root, 'toolchain'))
  const { cliVersion, digest } = readToolchain(toolchainFolder)
  return {
    said,
    onPath: join(root, 'bin'),
    official: join(root, 'cache', 'gatewright', 'pulumi', sdkVersion, 'bin'),
    built: join(root, 'cache', 'gatewright', 'pulumi', `${cliVersion}-${digest}`),
    options: {
      toolchainFolder,
      env: { PATH: join(root, 'bin'), XDG_CACHE_HOME: join(root, 'cache') },
      report: (line: string) => void said.push(line),
    },
  }
}

describe('the Pulumi CLI', () => {
  it('is the one on PATH before any other', async () => {
    const { options, onPath, built, official, said } = machine()
    cli(onPath, 'v3.201.0')
    cli(official, 'v3.270.0')
    cli(built, 'v3.250.0')
    expect(await ensurePulumiCli(options)).toEqual({ source: 'path', folder: onPath, version: '3.201.0' })
    expect(said).toEqual([])
  })

  it('is the officially installed one before the built one', async () => {
    const { options, built, official } = machine()
    cli(official, 'v3.270.0')
    cli(built, 'v3.250.0')
    expect(await ensurePulumiCli(options)).toEqual({ source: 'installed', folder: official, version: '3.270.0' })
  })

  it.each([
    ['too old', 'v3.120.0', { languageHost: true }, /is 3\.120\.0; 3\.200\.0 or newer/],
    ['of another major version', 'v4.0.0', { languageHost: true }, /is 4\.0\.0/],
    ['without a language host', 'v3.260.0', { languageHost: false }, /no pulumi-language-nodejs/],
    ['mute', '', { languageHost: true }, /does not say its version/],
  ])('on PATH is passed over, aloud, when it is %s', async (_, version, parts, reason) => {
    const { options, onPath, built, said } = machine()
    cli(onPath, version, parts)
    cli(built, 'v3.250.0')
    expect(await ensurePulumiCli(options)).toEqual({ source: 'installed', folder: built, version: '3.250.0' })
    expect(said).toEqual([expect.stringMatching(reason)])
  })

  it('may have its language host elsewhere on PATH', async () => {
    const root = temporaryFolder()
    const folder = cli(join(root, 'cli'), 'v3.260.0', { languageHost: false })
    const hosts = join(root, 'hosts')
    script(join(hosts, 'pulumi-language-nodejs'), 'exit 0')
    const found = await inspect({ source: 'path', folder }, `${folder}:${hosts}`)
    expect(found).toEqual({ source: 'path', folder, version: '3.260.0' })
  })

  it('is not looked for in relative folders of PATH, nor is a folder of that name one', () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'pulumi'))
    expect(candidates(`.:node_modules/.bin:${root}`, [])).toEqual([])
  })

  it('is passed over when its interpreter is missing', async () => {
    const folder = temporaryFolder()
    const program = script(join(folder, 'pulumi'), 'echo v3.250.0')
    writeFileSync(program, '#!/nowhere/sh\n')
    expect(await inspect({ source: 'path', folder }, folder)).toEqual({ reason: `${program} does not say its version` })
  })
})

describe('building the CLI', () => {
  it('takes the versions from the pinned go.mod', () => {
    const { cliVersion, goVersion } = readToolchain(join(projectRoot, 'bin', 'toolchain'))
    expect(cliVersion).toMatch(/^3\.\d+\.\d+$/)
    expect(goVersion).toMatch(/^1\.\d+/)
  })

  it('moves a whole folder into its place and leaves nothing half done', async () => {
    const root = temporaryFolder()
    await withGo(root, 'go1.26.8', 'while [ "$1" != -o ]; do shift; done; echo built > "$2"', async () => {
      mkdirSync(join(root, 'cache', '.build-old'), { recursive: true })
      const target = join(root, 'cache', '3.250.0')
      expect(await buildCli(readToolchain(toolchain(join(root, 'toolchain'))), target, () => undefined)).toBeUndefined()
      expect(readdirSync(join(root, 'cache'))).toEqual(['3.250.0'])
      expect(readFileSync(join(target, 'pulumi-language-nodejs'), 'utf8')).toBe('built\n')
    })
  })

  it('shows what Go said when it fails, and leaves nothing', async () => {
    const root = temporaryFolder()
    await withGo(root, 'go1.26.8', 'echo no such module >&2; exit 1', async () => {
      const target = join(root, 'cache', '3.250.0')
      await expect(
        buildCli(readToolchain(toolchain(join(root, 'toolchain'))), target, () => undefined),
      ).rejects.toMatchObject({
        code: 'pulumi_cli_build_failed',
        message: expect.stringContaining('no such module'),
      })
      expect(readdirSync(join(root, 'cache'))).toEqual([])
    })
  })

  it.each([
    ['too old', 'go1.20.1', /Go is too old: go1\.20\.1, and 1\.26 is needed/],
    ['absent', undefined, /Go is not on PATH/],
  ])('says so when Go is %s, and makes no folder', async (_, version, reason) => {
    const root = temporaryFolder()
    await withGo(root, version, 'exit 1', async () => {
      const target = join(root, 'cache', '3.250.0')
      const result = await buildCli(readToolchain(toolchain(join(root, 'toolchain'))), target, () => undefined)
      expect(result?.reason).toMatch(reason)
      expect(existsSync(join(root, 'cache'))).toBe(false)
    })
  })
})

/** Puts a stand-in for Go alone on PATH; `undefined`: no Go at all. */
async function withGo(
  root: string,
  version: string | undefined,
  build: string,
  work: () => Promise<void>,
): Promise<void> {
  const folder = join(root, 'go')
  mkdirSync(folder)
  if (version !== undefined) script(join(folder, 'go'), `[ "$1" = env ] && { echo ${version}; exit 0; }`, build)
  const before = process.env['PATH']
  process.env['PATH'] = folder
  try {
    await work()
  } finally {
    process.env['PATH'] = before
  }
}
