import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { ownFiles, secretsOf } from './leaks.ts'
import { pluginChoice } from './plugins/choice.ts'
import { freePorts } from './ports.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** How a command ended, and everything that it said. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
  /** Both, in the order in which they came. */
  text: string
}

/** A copy of the project with a local stack of its own, on ports of its own. */
export interface Project {
  folder: string
  ports: Record<'gateway' | 'admin' | 'identityProvider' | 'app' | 'mailbox' | 'smtp', number>
  login: string
  hello: string
  /** Runs `bin/<command>.ts` as the npm script does. */
  run(command: string, ...args: string[]): Promise<Outcome>
  /** Runs plain `pulumi` in a terminal that was set up by `npm run env`. */
  pulumi(...args: string[]): Promise<Outcome>
  /** Starts plain `pulumi` without waiting for it. */
  startPulumi(...args: string[]): Promise<ChildProcess>
  /** Changes stacks/Pulumi.local.yaml as a text. */
  editStack(change: (text: string) => string): Promise<void>
  /** Pids of the stack's programs that run now. */
  programs(): number[]
  /**
   * Looks for secrets of the state in all that was printed and written, runs `down`, and removes the folder.
   * @throws Error when there is one
   */
  remove(): Promise<void>
}

/** How a test's project differs from a fresh clone. */
export interface ProjectOptions {
  /** Writes the example of the local stack's file; the default is the committed one, on ports of its own. */
  stackFile?: (ports: Project['ports']) => string
  /** Pulumi packages whose plugin the stack needs, beside our own. */
  plugins?: readonly string[]
  /** Added to the environment of every command. */
  environment?: Record<string, string>
}

/** Makes a project as a fresh clone has it, dependencies included. */
export async function createProject({
  stackFile,
  plugins = [],
  environment: extra = {},
}: ProjectOptions = {}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-project-'))
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  for (const file of files.split('\n').filter(Boolean)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    // A file that was deleted and not yet committed is still listed.
    await cp(join(root, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const [gateway = 0, admin = 0, identityProvider = 0, app = 0, mailbox = 0, smtp = 0] = await freePorts(6)
  const ports = { gateway, admin, identityProvider, app, mailbox, smtp }
  const example = join(folder, 'stacks/local.example.yaml')
  const moves: Record<string, number> = {
    8400: gateway,
    8401: admin,
    8402: identityProvider,
    8403: app,
    8404: mailbox,
    8405: smtp,
  }
  const moved = (await readFile(example, 'utf8')).replaceAll(/\b840[0-5]\b/g, (port) => `${moves[port]}`)
  await writeFile(example, stackFile?.(ports) ?? moved)
  const standIns = pluginChoice() === 'stand-in' ? plugins : []
  const paths = standIns.map((name) => `    - { name: ${name}, path: test/support/plugins/${name} }\n`)
  await appendFile(join(folder, 'Pulumi.yaml'), paths.join(''))
  return projectAt(folder, ports, extra)
}

function projectAt(folder: string, ports: Project['ports'], extra: Record<string, string>): Project {
  const stackFile = join(folder, 'stacks/Pulumi.local.yaml')
  const printed: string[] = []
  const start = (command: string, args: string[], env: NodeJS.ProcessEnv = environment()) => {
    const child = spawn(command, args, { cwd: folder, env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] })
    if (!args.includes('--show-secrets')) {
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(String(chunk)))
    }
    return child
  }
  const run = (command: string, ...args: string[]) =>
    finish(start(process.execPath, [join(folder, 'bin/setup.mjs'), command, ...args]))
  /** How many secrets of the state can be read in what was printed or written until now. */
  const leakedSecrets = async (): Promise<number> => {
    if (!existsSync(join(folder, '.gatewright/state'))) return 0
    const exported = await finish(
      start('pulumi', ['stack', 'export', '-s', 'local', '--show-secrets'], await terminal()),
    )
    if (exported.code !== 0) return 0
    const everywhere = [...printed, ...(await ownFiles(folder))].join('\n')
    return secretsOf(exported.stdout).filter((secret) => everywhere.includes(secret)).length
  }
  let prepared: Promise<NodeJS.ProcessEnv> | undefined
  const prepare = async () => terminalEnvironment((await run('env')).stdout)
  // Not while nothing can have changed it: a terminal is prepared once.
  const terminal = () => (prepared ??= prepare())
  return {
    folder,
    ports,
    login: `http://login.gw.localhost:${ports.gateway}`,
    hello: `http://hello.gw.localhost:${ports.gateway}`,
    run: (command, ...args) => {
      if (command === 'down') prepared = undefined
      return run(command, ...args)
    },
    pulumi: async (...args) => finish(start('pulumi', args, await terminal())),
    startPulumi: async (...args) => {
      // What is started may be killed, and what that leaves behind is cleared when a terminal is prepared.
      prepared = undefined
      return start('pulumi', args, await prepare())
    },
    async editStack(change) {
      await writeFile(stackFile, change(await readFile(stackFile, 'utf8')))
    },
    programs: () => programsOf(folder),
    async remove() {
      const leaked = await leakedSecrets()
      const { code, text } = await run('down')
      if (code !== 0) throw new Error(`down failed: ${text}`)
      await rm(folder, { recursive: true })
      if (leaked > 0) throw new Error(`${leaked} secrets of the state were printed or stood in a file in plain text`)
    },
  }
}

/** What a shell would have after `eval "$(npm run -s env)"`. */
function terminalEnvironment(exports: string): NodeJS.ProcessEnv {
  const script = `${exports}\nenv -0`
  const env = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: environment() })
  return Object.fromEntries(
    env.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

/** Nothing of the test runner's own set-up, nothing that points at a developer's stack. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PULUMI_|VITEST|NODE_OPTIONS|npm_)/.test(name))
  const cli = process.env['GATEWRIGHT_PULUMI']
  return { ...Object.fromEntries(kept), ...(cli ? { PATH: `${cli}${delimiter}${process.env['PATH']}` } : {}) }
}

export function finish(child: ChildProcess): Promise<Outcome> {
  const outcome = { stdout: '', stderr: '', text: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      outcome[stream] += chunk
      outcome.text += chunk
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...outcome }))
  })
}

/** Live processes whose command line names a program folder of the project; Linux only, as the engine tests are. */
function programsOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const args = commandLine(pid)
      return args.some((arg, index) => args[index - 1] === '--folder' && arg.startsWith(`${folder}/`))
    })
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It ended between the listing and the reading.
    return []
  }
}
