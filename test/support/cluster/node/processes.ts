import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'

const KEPT = 1024 * 1024
const ENTER = new URL('enter.sh', import.meta.url).pathname

/** What a process in a container is started with. */
export interface ContainerProcess {
  networkNamespace: string
  root: string
  /** A file with the mounts, see enter.sh. */
  mounts: string
  readOnly: boolean
  workingDir: string
  user: number
  group: number
  groups: readonly number[]
  command: readonly string[]
  environment: Readonly<Record<string, string>>
}

/** How a process came to its end. */
export interface Exit {
  /** 128 and the signal's number where a signal ended it, as container runtimes say it. */
  code: number
  finishedAt: string
}

/** A container's first process, which the kernel ends all others of the container with. */
export interface Running {
  startedAt: string
  ended: Promise<Exit>
  signal(name: NodeJS.Signals): Promise<void>
  /** Runs a command in the container, as its user. @returns its exit code; undefined after the time */
  execute(command: readonly string[], timeoutMs: number): Promise<number | undefined>
}

/** What a container has written, across its restarts: the last MiB. */
export interface Log {
  text(): string
  add(chunk: string): void
}

export function createLog(): Log {
  let text = ''
  return {
    text: () => text,
    add(chunk) {
      text = (text + chunk).slice(-KEPT)
    },
  }
}

const SIGNALS: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGINT: 2, SIGABRT: 6, SIGSEGV: 11 }

/** Starts it in namespaces of its own: mounts, processes, names; the network is the pod's. */
export function startProcess(what: ContainerProcess, log: Log): Running {
  const identity = [String(what.user), String(what.group), what.groups.join(',') || '-']
  const place = [what.root, what.mounts, what.readOnly ? 'ro' : 'rw', what.workingDir]
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--uts', '--ipc']
  const enter = ['/bin/sh', ENTER, ...place, ...identity, ...what.command]
  const child = spawn('nsenter', [`--net=${what.networkNamespace}`, 'unshare', ...namespaces, ...enter], {
    // The fourth becomes the container's stderr: what `unshare` says of a first process that was killed is not its log.
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    env: what.environment,
    cwd: '/',
  })
  for (const stream of [child.stdio[1], child.stdio[3]] as Readable[]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => log.add(chunk))
  }
  let killed = false
  const ended = new Promise<Exit>((resolve) => {
    const end = (code: number): void => resolve({ code, finishedAt: new Date().toISOString() })
    child.once('error', (error) => {
      log.add(`${error.message}\n`)
      end(128)
    })
    // `unshare` has 1 for a child that was killed.
    child.once('exit', (code, signal) => end(killed ? 137 : (code ?? 128 + (SIGNALS[signal ?? ''] ?? 0))))
  })
  return {
    startedAt: new Date().toISOString(),
    ended,
    async signal(name) {
      const pid = await firstProcess(child)
      if (pid === undefined) return
      killed ||= name === 'SIGKILL'
      kill(pid, name)
    },
    async execute(command, timeoutMs) {
      const pid = await firstProcess(child)
      if (pid === undefined) return undefined
      return executeIn(pid, what, command, timeoutMs)
    },
  }
}

/** `unshare` stays outside and waits for its only child, the first process in there. */
async function firstProcess({ pid, exitCode, signalCode }: ChildProcess): Promise<number | undefined> {
  if (pid === undefined || exitCode !== null || signalCode !== null) return undefined
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const first = Number(children.trim().split(' ')[0])
  return first > 0 ? first : undefined
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It has ended in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function executeIn(
  pid: number,
  { user, group, environment }: ContainerProcess,
  command: readonly string[],
  timeoutMs: number,
): Promise<number | undefined> {
  const inside = ['--target', String(pid), '--mount', '--net', '--pid', '--uts', '--ipc', '--root', '--wd']
  const identity = [`--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all']
  const child = spawn('nsenter', [...inside, '/usr/bin/setpriv', ...identity, '--', ...command], {
    stdio: 'ignore',
    env: environment,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('exit', (code) => resolve(code ?? undefined))
  })
}
