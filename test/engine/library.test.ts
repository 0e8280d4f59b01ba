import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import { freePorts } from '../support/ports.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

let folder: string
let ports: number[]
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-consumer-'))
  ports = await freePorts(4)
  const path = [process.env['GATEWRIGHT_PULUMI'] ?? '', dirname(process.execPath), process.env['PATH']].join(delimiter)
  const kept = Object.entries(process.env).filter(([name]) => !/^(PULUMI_|VITEST|NODE_OPTIONS|npm_)/.test(name))
  env = {
    ...Object.fromEntries(kept),
    PATH: path,
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: 'consumer',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
  await mkdir(join(folder, 'state'))
  await writeConsumer()
})
afterAll(async () => {
  await pulumi('destroy', '-s', 'dev', '--yes', '--skip-preview')
  await rm(folder, { recursive: true })
})

/** A Pulumi program that somebody else wrote. */
async function writeConsumer(): Promise<void> {
  const [gateway, admin, identityProvider, app] = ports
  const files = {
    'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module', main: 'index.ts' }),
    'Pulumi.yaml': [
      'name: consumer',
      'runtime: { name: nodejs, options: { typescript: false } }',
      'plugins: { providers: [{ name: gatewright-native, path: node_modules/gatewright/dist/provider }] }',
    ].join('\n'),
    'index.ts': `import { Gateway, type GatewayArgs } from 'gatewright'
      const args: GatewayArgs = {
        url: 'http://login.consumer.localhost:${gateway}',
        brands: { default: { autoRedirect: false } },
        identityProviders: {
          acme: {
            kind: 'local',
            url: 'http://idp.consumer.localhost:${identityProvider}',
            people: { alice: { name: 'Alice', email: 'alice@acme.example', groups: ['staff'] } },
          },
        },
        routes: {
          hello: {
            from: 'http://hello.consumer.localhost:${gateway}',
            to: 'http://127.0.0.1:${app}',
            allow: '"staff" in user.groups',
          },
        },
        target: { kind: 'process', listen: '127.0.0.1:${gateway}', admin: '127.0.0.1:${admin}' },
      }
      export const { authenticateUrl, access } = new Gateway('edge', args)
    `,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
}

async function pulumi(...args: string[]): Promise<string> {
  const options = { cwd: folder, env, maxBuffer: 1e8 }
  const { stdout } = await run('pulumi', [...args, '--non-interactive'], options).catch(
    (error: { stdout?: string }) => {
      throw new Error(`pulumi ${args.join(' ')} failed: ${error.stdout}`)
    },
  )
  return stdout
}

it('the packed library runs in an empty project of somebody else', async () => {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: root, env, maxBuffer: 1e8 })
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  const install = ['install', `./${tarball}`, '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  await run('npm', [...install, '--loglevel=error'], { cwd: folder, env, maxBuffer: 1e8 })

  await pulumi('stack', 'init', 'dev')
  await pulumi('up', '-s', 'dev', '--yes', '--skip-preview')
  expect(JSON.parse(await pulumi('stack', 'output', '-s', 'dev', '--json'))).toEqual({
    authenticateUrl: `http://login.consumer.localhost:${ports[0]}`,
    access: { hello: { '"staff" in user.groups': 'people in staff' } },
  })
  const page = await createBrowser().open(`http://hello.consumer.localhost:${ports[0]}/`)
  expect(page.text).toContain('Login with acme')
  await pulumi('preview', '-s', 'dev', '--expect-no-changes')
})
