import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBrowser } from '../support/browser.ts'
import { freePorts } from '../support/ports.ts'
import { signInLink, submit } from '../support/visitor.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const NAMES = ['gateway', 'admin', 'acme', 'app', 'partners'] as const

let folder: string
let ports: Record<(typeof NAMES)[number], number>
let env: NodeJS.ProcessEnv
let app: ChildProcess | undefined
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'gatewright-consumer-'))
  folder = join(home, 'own-app')
  const free = await freePorts(NAMES.length)
  ports = Object.fromEntries(NAMES.map((name, index) => [name, free[index]])) as typeof ports
  const path = [process.env['GATEWRIGHT_PULUMI'] ?? '', dirname(process.execPath), process.env['PATH']].join(delimiter)
  const kept = Object.entries(process.env).filter(([name]) => !/^(PULUMI_|VITEST|NODE_OPTIONS|npm_)/.test(name))
  env = {
    ...Object.fromEntries(kept),
    PATH: path,
    PULUMI_BACKEND_URL: `file://${home}/state`,
    PULUMI_CONFIG_PASSPHRASE: 'consumer',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  }
  await mkdir(join(home, 'state'))
  await cp(join(root, 'examples', 'own-app'), folder, { recursive: true })
  await installPacked(home)
})
afterAll(async () => {
  await pulumi('destroy', '-s', 'dev', '--yes', '--skip-preview')
  if (app?.kill()) await once(app, 'exit')
  await rm(dirname(folder), { recursive: true })
})

/** As somebody would who found it in a registry: nothing of this project is there but the tarball. */
async function installPacked(home: string): Promise<void> {
  await run('npm', ['pack', '--pack-destination', home], { cwd: root, env, maxBuffer: 1e8 })
  const tarball = (await readdir(home)).find((name) => name.endsWith('.tgz'))
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  manifest.dependencies['gatewright'] = `file:../${tarball}`
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error']
  await run('npm', ['install', ...options], { cwd: folder, env, maxBuffer: 1e8 })
}

async function pulumi(...args: string[]): Promise<string> {
  const options = { cwd: folder, env, maxBuffer: 1e8 }
  const { stdout } = await run('pulumi', [...args, '--non-interactive'], options).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`pulumi ${args.join(' ')} failed: ${error.stdout} ${error.stderr}`)
    },
  )
  return stdout
}

async function outputs(...options: string[]): Promise<Record<string, unknown>> {
  const text = await pulumi('stack', 'output', '-s', 'dev', '--json', ...options)
  return JSON.parse(text) as Record<string, unknown>
}

describe('the example program, with the packed library', () => {
  beforeAll(async () => {
    await pulumi('stack', 'init', 'dev')
    for (const name of NAMES) await pulumi('config', 'set', '-s', 'dev', name, String(ports[name]))
    await pulumi('up', '-s', 'dev', '--yes', '--skip-preview')
    app = spawn(process.execPath, ['app.mjs', String(ports.gateway), String(ports.app)], { cwd: folder, env })
  })

  it('has types that a strict compiler takes, and that say what a field means', async () => {
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', 'index.ts']
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    await run(process.execPath, [compiler, '--ignoreConfig', ...options], { cwd: folder, env })
    const types = await readFile(join(folder, 'node_modules/gatewright/dist/infra/args.d.ts'), 'utf8')
    expect(types).toMatch(/\/\*\* [^\n]*\n {2}allowedGroups: string\[\]\n/)
    expect(types).not.toMatch(/\bz\.|Zod|: any\b/)
  })

  it('puts out who may pass for everybody, and what is secret as a secret', async () => {
    const masked = await outputs()
    expect(masked).toEqual({
      access: { app: { '"staff" in user.groups': 'people in staff' } },
      people: '[secret]',
      billing: '[secret]',
      grafana: '[secret]',
      whoMaySeeReports: 'everybody who can sign in at partners',
    })
  })

  it('signs a person in to the app of one’s own', async () => {
    const { people } = (await outputs('--show-secrets')) as { people: Record<string, { password: string }> }
    const browser = createBrowser()
    const page = await browser.open(`http://app.own-app.localhost:${ports.gateway}/`)
    const atProvider = page.text.includes('name="password"') ? page : await browser.open(signInLink(page))
    const consent = await submit(browser, atProvider, '/', {
      username: 'alice',
      password: people['alice']?.password ?? '',
    })
    const there = consent.url.includes('app.own-app') ? consent : await submit(browser, consent, '/')
    expect(there.text).toBe('Hello, Alice Archer.\n')
  })

  it.each([
    ['billing', 'acme', 'OIDC_CLIENT_ID', 'https://billing.acme.example/callback'],
    ['grafana', 'partners', 'GF_AUTH_GENERIC_OAUTH_CLIENT_ID', 'https://reports.acme.example/login/generic_oauth'],
  ] as const)('registers %s at %s, for its own address and no other', async (output, provider, field, callback) => {
    const settings = (await outputs('--show-secrets'))[output] as Record<string, string>
    const authorize = (redirectUri: string): string => {
      const query = new URLSearchParams({
        client_id: settings[field] ?? '',
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      })
      return `http://${provider}.own-app.localhost:${ports[provider]}/auth?${query.toString()}`
    }
    expect((await createBrowser().open(authorize(callback))).text).toContain('name="password"')
    const refused = await createBrowser().open(authorize(`${callback}/other`))
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('redirect_uri')])
  })

  it('changes nothing when nothing has changed', async () => {
    expect(await pulumi('preview', '-s', 'dev', '--expect-no-changes')).toMatch(/\d+ unchanged/)
  })

  it('says everything that is wrong in one go, at its place, and touches nothing', async () => {
    const program = await readFile(join(folder, 'index.ts'), 'utf8')
    await writeFile(join(folder, 'index.ts'), program.replace('/callback', '/*').replace('user.groups', 'user.group'))
    const refusal = pulumi('preview', '-s', 'dev').catch(String)
    expect(await refusal).toMatch(
      /2 mistakes.*gatewright:routes\.app\.allow.*gatewright:relyingParties\.billing\.redirectUris/s,
    )
    await writeFile(join(folder, 'index.ts'), program)
    await pulumi('preview', '-s', 'dev', '--expect-no-changes')
  })
})

it('several gateways have room in one program, and what is protected is so with everything inside', async () => {
  const file = join(folder, 'index.ts')
  const program = await readFile(file, 'utf8')
  const gateway = (name: string, port: number, options: string): string =>
    `new Gateway('${name}', {
      url: 'http://login.${name}.localhost:${port}',
      identityProviders: { '${name}-sso': { kind: 'oidc', issuer: 'https://${name}.example', client: { id: 'gw', secret: 's' } } },
      routes: { app: { from: 'http://app.${name}.localhost:${port}', to: 'http://127.0.0.1:9', public: 'a test, of a preview' } },
      target: { kind: 'process', listen: '127.0.0.1:${port}', admin: '127.0.0.1:${port + 1}' },
    }, ${options})`
  const two = [gateway('east', 28_410, '{ protect: true }'), gateway('west', 28_420, '{}')]
  await writeFile(file, ["import { Gateway } from 'gatewright'", ...two].join('\n'))
  const { steps } = JSON.parse(await pulumi('preview', '-s', 'dev', '--json')) as {
    steps: { op: string; urn: string; newState?: { protect?: boolean } }[]
  }
  await writeFile(file, program)
  const made = steps.filter(({ op, urn }) => op === 'create' && urn.includes('gatewright'))
  const inside = (name: string) => made.filter(({ urn }) => urn.split('::').at(-1)?.startsWith(name))
  expect(inside('east').length).toBe(inside('west').length)
  expect(inside('east').length).toBeGreaterThan(5)
  expect(inside('east').filter(({ newState }) => newState?.protect !== true)).toEqual([])
  expect(inside('west').filter(({ newState }) => newState?.protect === true)).toEqual([])
})

it('a program without the line for the provider is told which one', async () => {
  const file = join(folder, 'Pulumi.yaml')
  const project = await readFile(file, 'utf8')
  await writeFile(file, project.slice(0, project.indexOf('plugins:')))
  const refusal = pulumi('preview', '-s', 'dev')
  await expect(refusal).rejects.toThrow('path: node_modules/gatewright/dist/provider')
  await writeFile(file, project)
})
