import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

const project = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Runs what the language host runs, which gives up without an engine, and what a program does then.
 * @returns the packages that were loaded
 */
function loadedBy(program: string, options: { nodeArguments?: string[]; folder?: string; tracing?: string } = {}) {
  const { nodeArguments = ['--import=#lean-sdk'], folder = '.', tracing } = options
  const script = `
    process.on('exit', () => {
      const { createRequire } = require('node:module')
      const sdk = createRequire(createRequire(process.cwd() + '/')
        .resolve('@pulumi/pulumi'))
      sdk('./cmd/run/run')
      sdk('.')
      ${program}
      const names = Object.keys(require.cache).map((file) => /node_modules.((@[^/]+.)?[^/]+)/.exec(file)?.[1])
      process.stdout.write([...new Set(names)].join(' '))
    })
    require('@pulumi/pulumi/cmd/run')`
  const flags = tracing === undefined ? [] : ['--tracing', tracing]
  const { stdout, stderr } = spawnSync(process.execPath, [...nodeArguments, '-e', script, '--', 'run', ...flags], {
    cwd: `${project}/${folder}`,
    encoding: 'utf8',
  })
  expect(stderr).toContain('--monitor=addr must be provided')
  return stdout.split(' ')
}

const HEAVY = ['@npmcli/arborist', '@opentelemetry/sdk-trace-base', 'source-map-support']

describe('what of the SDK no program of ours needs', () => {
  it('is loaded without the preload: else there is nothing to leave out any more', () => {
    expect(loadedBy('', { nodeArguments: [] })).toEqual(expect.arrayContaining(HEAVY))
  })

  it.each(['.', 'infra'])('is not loaded with it, from the folder %s', (folder) => {
    const packages = loadedBy('', { folder })
    expect(packages).toContain('@grpc/grpc-js')
    for (const name of HEAVY) expect(packages).not.toContain(name)
  })

  it('is loaded when somebody asks for it', () => {
    const program = `Object.values(require.cache).find(({ id }) => id.endsWith('arborist.cjs')).exports.Arborist.name`
    expect(loadedBy(program)).toContain('@npmcli/arborist')
  })

  it('is loaded for the engine’s tracing', () => {
    expect(loadedBy('', { tracing: 'http://127.0.0.1:9/' })).toContain('@opentelemetry/sdk-trace-base')
  })
})
