import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

/** How long we wait for `ps` and `lsof`, in milliseconds. */
const TOOL_TIMEOUT_MS = 5_000

/** How often and at what distance, in milliseconds, a process without arguments is asked again. */
const UNDECIDED_ATTEMPTS = 50
const UNDECIDED_MS = 10

const run = promisify(execFile)

/** Whether the system shows its processes as files (Linux). */
export const hasProc = existsSync('/proc/self/stat')

/** @returns the command line of a process; undefined when there is none, or only a zombie is left of it */
export async function commandLineOf(pid: number): Promise<string[] | undefined> {
  return hasProc ? fromProc(pid) : fromPs(pid)
}

/**
 * Whether a process is the program of a folder: pids are used again, command lines tell who it is.
 * @param args its command line; from `ps` it is one string
 */
export function servesFolder(args: readonly string[], folder: string): boolean {
  if (args.some((argument, index) => argument === '--folder' && args[index + 1] === folder)) return true
  return args.length === 1 && `${args[0]} `.includes(` --folder ${folder} `)
}

/** A program that runs, and the folder that it was started for. */
export interface Program {
  pid: number
  folder: string
  /** Its command line, in one piece where the system tells it only so. */
  args: readonly string[]
}

/** Lists all programs of ours that run on this machine, whatever became of their folders. */
export async function listPrograms(): Promise<Program[]> {
  const rows = hasProc ? await rowsFromProc() : await rowsFromPs()
  return rows.flatMap(({ pid, args }) => {
    const folder = folderOf(args)
    return folder === undefined ? [] : [{ pid, folder, args }]
  })
}

/** A shell that is about to become a program (launch.ts) has its arguments already; it makes the pid file itself. */
function folderOf(args: readonly string[]): string | undefined {
  if (args[1] === '-c' || / -c /.test(args[0] ?? '')) return undefined
  if (args.length > 1) return args[args.indexOf('--folder') + 1 || args.length]
  return / --folder (.+)$/.exec(args[0] ?? '')?.[1]
}

async function rowsFromProc(): Promise<{ pid: number; args: string[] }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const rows = pids.map(async (pid) => {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(ended)
    return { pid, args: line ? line.replace(/\0$/, '').split('\0') : [] }
  })
  return Promise.all(rows)
}

async function rowsFromPs(): Promise<{ pid: number; args: string[] }[]> {
  const lines = (await outputOf('ps', ['-axww', '-o', 'pid=', '-o', 'args='])).split('\n')
  return lines.flatMap((line) => {
    const [, pid, args] = /^\s*(\d+)\s+(.*\S)\s*$/.exec(line) ?? []
    return pid === undefined || args === undefined ? [] : [{ pid: Number(pid), args: [args] }]
  })
}

/**
 * What a tool of the system prints.
 * @returns its output, also when it ended with an error; empty when there is no such tool
 */
export async function outputOf(tool: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(tool, args, { timeout: TOOL_TIMEOUT_MS })).stdout
  } catch (error) {
    const { stdout } = error as { stdout?: unknown }
    return typeof stdout === 'string' ? stdout : ''
  }
}

/**
 * A process has no arguments for a moment while it becomes another program (execve) and while it ends. Taken for dead in
 * the first case, a program that has just started would lose its pid file; so it is asked again until it has decided.
 */
async function fromProc(pid: number): Promise<string[] | undefined> {
  for (let attempt = 0; attempt < UNDECIDED_ATTEMPTS; attempt += 1) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(ended)
    // The name in parentheses may hold anything, so the state is looked for behind the last one (proc_pid_stat(5)).
    const state = stat?.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    if (state === undefined || state === 'Z' || state === 'X') return undefined
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(ended)
    if (line) return line.replace(/\0$/, '').split('\0')
    await delay(UNDECIDED_MS)
  }
  // A thread of the kernel: it never has any.
  return undefined
}

async function fromPs(pid: number): Promise<string[] | undefined> {
  const [, state, line] =
    /^\s*(\S+)\s+(.*\S)\s*$/.exec(await outputOf('ps', ['-ww', '-o', 'stat=', '-o', 'args=', '-p', String(pid)])) ?? []
  return state === undefined || line === undefined || state.startsWith('Z') ? undefined : [line]
}

function ended(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined
  throw error
}
