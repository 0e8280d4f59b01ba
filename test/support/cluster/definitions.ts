import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { parse } from 'yaml'

import { execute } from '../../../bin/command/index.ts'

const DOWNLOAD_MS = 120_000

/** Go modules that hold definitions of custom resources, and what their content must be (as go.sum says it). */
export const MODULES = [
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.0',
    sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
    files: ['gatewayclasses', 'gateways', 'httproutes', 'referencegrants'].map(
      (name) => `config/crd/standard/gateway.networking.k8s.io_${name}.yaml`,
    ),
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    files: ['example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml'],
  },
]

/**
 * The definitions of the Gateway API and of ServiceMonitor, as their projects publish them, out of Go's module cache.
 * @throws Error when a module cannot be had, or is not what it was
 */
export async function fetchDefinitions(): Promise<object[]> {
  const read = MODULES.map(async ({ module, sum, files }) => {
    const folder = await download(module, sum)
    return Promise.all(files.map(async (file) => parse(await readFile(join(folder, file), 'utf8')) as object))
  })
  return (await Promise.all(read)).flat()
}

async function download(module: string, sum: string): Promise<string> {
  const { code, stdout, stderr } = await execute('go', ['mod', 'download', '-json', module], {
    timeoutMs: DOWNLOAD_MS,
    // Outside of any module: no other one's versions have a say.
    cwd: '/',
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '' },
  })
  if (code !== 0) throw new Error(`Go could not fetch ${module}: ${stderr.trim() || stdout.trim()}`)
  const got = JSON.parse(stdout) as { Dir: string; Sum: string }
  if (got.Sum !== sum) throw new Error(`${module} is not what it was: ${got.Sum}`)
  return got.Dir
}
