import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { ProviderError } from '../errors.ts'
import { commandLineOf, hasProc, listPrograms, outputOf, type Program } from './process-table.ts'
import { stopProcess } from './stop.ts'

/** How much of a foreign command line an error shows. */
const MAX_COMMAND_LINE = 160

/** A process that has just been killed may hold its sockets a little longer than its name, in milliseconds. */
const LAST_BREATH_MS = 2_000

/** Who holds an address. */
interface Owner {
  pid: number
  commandLine: string
}

/**
 * Makes sure that addresses can be listened on.
 * @param addresses such as `127.0.0.1:8400`
 * @param siblings programs that serve a folder below this one are ended when they hold an address
 * @throws ProviderError `port_taken`, naming the first that is taken, and its owner; `stop_failed`
 */
export async function requireFree(addresses: readonly string[], siblings?: string): Promise<void> {
  const deadline = Date.now() + LAST_BREATH_MS
  for (const address of addresses) {
    const sibling = siblings === undefined ? undefined : await siblingAt(address, siblings)
    if (sibling !== undefined) await stopProcess(sibling.folder, sibling.pid)
    const holder = await holderOf(address, deadline)
    if (holder !== undefined) {
      throw new ProviderError('port_taken', `${address} is taken by ${describe(holder)}: end it, or use another port`)
    }
  }
}

async function siblingAt(address: string, siblings: string): Promise<Program | undefined> {
  if (await isFree(address)) return undefined
  const owner = await ownerOf(address)
  const programs = await listPrograms()
  return programs.find(({ pid, folder }) => pid === owner?.pid && folder.startsWith(`${siblings}/`))
}

/**
 * Looks at addresses before anything is started.
 * @param folders programs that serve a folder below one of these are no strangers
 * @returns for each address that a stranger holds, who that is, in words
 */
export async function heldByStrangers(
  addresses: readonly string[],
  folders: readonly string[],
): Promise<Map<string, string>> {
  const deadline = Date.now() + LAST_BREATH_MS
  const held = new Map<string, string>()
  for (const address of addresses) {
    const holder = await holderOf(address, deadline).catch((error: unknown) => {
      if (error instanceof ProviderError) return error
      throw error
    })
    if (holder instanceof ProviderError) held.set(address, holder.message)
    if (
      holder === undefined ||
      holder instanceof ProviderError ||
      (holder !== 'hidden' && folders.some((folder) => holder.commandLine.includes(`--folder ${folder}/`)))
    )
      continue
    held.set(address, `is taken by ${describe(holder)}`)
  }
  return held
}

/** @returns who holds an address: nobody, a process, or one that the system does not let us see */
async function holderOf(address: string, deadline: number): Promise<Owner | 'hidden' | undefined> {
  while (!(await isFree(address))) {
    const owner = await ownerOf(address)
    if (owner !== undefined) return owner
    if (Date.now() >= deadline) return 'hidden'
    await delay(50)
  }
  return undefined
}

/** @returns who listens on an address; undefined when the system does not let us see it, or it is just ending */
async function ownerOf(address: string): Promise<Owner | undefined> {
  const port = portOf(address)
  const pid = hasProc ? await pidFromProc(port) : await pidFromLsof(port)
  const args = pid === undefined ? undefined : await commandLineOf(pid)
  return pid === undefined || args === undefined ? undefined : { pid, commandLine: args.join(' ') }
}

function describe(holder: Owner | 'hidden'): string {
  if (holder === 'hidden') return 'a process that only its own user may see'
  return `process ${holder.pid} (${holder.commandLine.slice(0, MAX_COMMAND_LINE)})`
}

async function isFree(address: string): Promise<boolean> {
  const server = createServer()
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else
        reject(
          new ProviderError('address_unusable', `${address} cannot be listened on: ${error.message}`, { cause: error }),
        )
    })
    server.listen({ host, port: portOf(address), exclusive: true }, () => server.close(() => resolve(true)))
  })
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1))
}

/** proc_net(5): a listening socket has state 0A; its inode stands behind the descriptors of its process. */
async function pidFromProc(port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  const rows = tables.flatMap((table) => table.split('\n')).map((line) => line.trim().split(/\s+/))
  const listening = rows.filter(
    ([, local, , state]) => state === '0A' && Number.parseInt(local?.split(':')[1] ?? '', 16) === port,
  )
  const sockets = new Set(listening.map((row) => `socket:[${row[9]}]`))
  // Programs of ours first: when nothing has changed, they are who it is, and nobody else need be looked into.
  const ours = (await listPrograms()).map(({ pid }) => String(pid))
  const pids = new Set([...ours, ...(await readdir('/proc')).filter((name) => /^\d+$/.test(name))])
  for (const pid of pids) {
    // Other users' processes, and those that have just ended, cannot be looked into.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const targets = await Promise.all(descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
    if (targets.some((target) => sockets.has(target))) return Number(pid)
  }
  return undefined
}

async function pidFromLsof(port: number): Promise<number | undefined> {
  const [, pid] = /^p(\d+)$/m.exec(await outputOf('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'])) ?? []
  return pid === undefined ? undefined : Number(pid)
}
