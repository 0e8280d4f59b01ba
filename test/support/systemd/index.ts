import { type ChildProcess, type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Longest that a boot and a command may take, in milliseconds. */
const TIMEOUT_MS = 30_000

/** A machine of its own as far as systemd is concerned; its network, and the files that it only reads, are this one's. */
export interface Machine {
  /** A folder that both sides see by the same name. */
  shared: string
  /** Runs a command on it as root. @throws Error with what it wrote */
  run(command: string, ...args: string[]): Promise<string>
  /** Starts a program on it that is given lines and answers each with one. */
  converse(command: string, ...args: string[]): Promise<Conversation>
  /** A path on it as this side names it. */
  path(path: string): string
  stop(): Promise<void>
}

/** A program that answers lines with lines. It ends with the machine. */
export interface Conversation {
  ask(line: string): Promise<string>
}

/** Boots one: the systemd that is installed here, as the first process of its own namespaces. Who starts it has to be root. */
export async function startMachine(): Promise<Machine> {
  const base = await mkdtemp(join(tmpdir(), 'gatewright-machine-'))
  const shared = await mkdtemp(join(tmpdir(), 'gatewright-shared-'))
  const group = join(await unifiedHierarchy(), `gatewright-test-${base.slice(-6)}`)
  await mkdir(group)
  const script = `echo $$ > ${group}/cgroup.procs && exec "$@"`
  const namespaces = [
    '--mount',
    '--propagation=private',
    '--pid',
    '--fork',
    '--uts',
    '--ipc',
    '--cgroup',
    '--kill-child',
  ]
  const boot = fileURLToPath(new URL('boot.sh', import.meta.url))
  const project = fileURLToPath(new URL('../../..', import.meta.url))
  const keeper = spawn('sh', ['-c', script, 'boot', 'unshare', ...namespaces, 'sh', boot, base, shared, project], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)))
  const names = ['--mount', '--uts', '--ipc', '--pid', '--cgroup']
  const inside = async (command: string, ...args: string[]): Promise<string> => {
    const target = `--target=${await firstProcess(keeper)}`
    const { stdout } = await run('nsenter', [target, ...names, '--', command, ...args], { timeout: TIMEOUT_MS })
    return stdout
  }
  const stop = async (): Promise<void> => {
    const ended = once(keeper, 'exit')
    if (keeper.exitCode === null && keeper.signalCode === null && keeper.kill('SIGKILL')) await ended
    await removeGroup(group)
    await rmdir(base)
    await rm(shared, { recursive: true })
  }
  try {
    await untilBooted(keeper, inside)
  } catch (cause) {
    await stop()
    throw new Error(`systemd did not boot: ${said}`, { cause })
  }
  const first = await firstProcess(keeper)
  return {
    shared,
    run: inside,
    converse: async (...command) => conversation(spawn('nsenter', [`--target=${first}`, ...names, '--', ...command])),
    path: (path) => join(`/proc/${first}/root`, path),
    stop,
  }
}

function conversation(child: ChildProcessWithoutNullStreams): Conversation {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)))
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`)
      const answer = await lines.next()
      if (answer.done) throw new Error(`it ended: ${said}`)
      return answer.value
    },
  }
}

async function untilBooted(keeper: ChildProcess, inside: Machine['run']): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS
  for (;;) {
    const state = await inside('systemctl', 'is-active', 'multi-user.target').catch((error: unknown) => error)
    if (typeof state === 'string' && state.trim() === 'active') return
    if (keeper.exitCode !== null || performance.now() > deadline) throw new Error('it is not up', { cause: state })
    await delay(50)
  }
}

/** systemd, as this side numbers it. */
async function firstProcess({ pid = 0 }: ChildProcess): Promise<string> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const [first] = children.split(' ')
  if (!first) throw new Error('it has not begun')
  return first
}

/** Where version 2 of control groups is mounted: alone, or beside version 1. */
async function unifiedHierarchy(): Promise<string> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '))
  const place = mounts.find(([, , type]) => type === 'cgroup2')?.[1]
  if (place === undefined) throw new Error('there is no cgroup2')
  return place
}

/** Processes of the machine end with its first one, a moment after it; their groups can be removed then. */
async function removeGroup(group: string): Promise<void> {
  const entries = await readdir(group, { withFileTypes: true })
  for (const entry of entries) if (entry.isDirectory()) await removeGroup(join(group, entry.name))
  const deadline = performance.now() + TIMEOUT_MS
  for (;;) {
    try {
      return await rmdir(group)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || performance.now() > deadline) throw error
      await delay(20)
    }
  }
}
