import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

import { Client } from 'pg'

import { freePorts } from './ports.ts'

const START_MS = 20_000
const USER = 'gatewright'

/**
 * Runs the server until its input ends, which it does when the test's process does, however that ends. The folder goes
 * with it unless a line says otherwise.
 */
const KEEPER = `
"$1/postgres" -D "$2/data" -p "$3" </dev/null & server=$!
read -r keep; kill -QUIT $server 2>/dev/null; wait $server
[ "$keep" = keep ] || rm -rf "$2"`

/** A Postgres of its own for a test file: real, on this machine only, with a password, and without regard for power cuts. */
export interface Postgres {
  /** A new database, and an address with a password that leads there. */
  createDatabase(): Promise<string>
  /** Ends the server at once, as a crash does; its data stay. */
  stop(): Promise<void>
  /** Starts it again where it was. */
  start(): Promise<void>
  /** Ends it and removes all that it wrote. */
  remove(): Promise<void>
}

/**
 * Starts a server in a folder of its own.
 * @throws Error that says how to install Postgres where it is missing
 */
export async function startPostgres(): Promise<Postgres> {
  const binaries = findBinaries()
  const account = unprivilegedAccount()
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-postgres-'))
  const password = randomBytes(18).toString('base64url')
  const [port = 0] = await freePorts(1)
  const run = (): Promise<ChildProcess> => runServer(binaries, folder, port, account)
  let keeper: ChildProcess
  try {
    initialise(binaries, folder, password, account)
    keeper = await run()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  let databases = 0
  const address = (database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`

  async function end(word: string): Promise<void> {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return
    const ended = once(keeper, 'exit')
    keeper.stdin?.end(word)
    await ended
  }

  return {
    async createDatabase() {
      databases += 1
      const name = `test_${databases}`
      const client = new Client(address('postgres'))
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return address(name)
    },
    stop: () => end('keep\n'),
    async start() {
      keeper = await run()
    },
    async remove() {
      await end('')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Account {
  uid?: number
  gid?: number
}

function initialise(binaries: string, folder: string, password: string, account: Account): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid)
  }
  const options = [
    '-U',
    USER,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ]
  execFileSync(join(binaries, 'initdb'), ['-D', join(folder, 'data'), ...options], {
    ...account,
    cwd: folder,
    stdio: 'pipe',
  })
  rmSync(passwordFile)
  const settings = [
    `listen_addresses = '127.0.0.1'`,
    `unix_socket_directories = ''`,
    'fsync = off',
    'full_page_writes = off',
    `shared_buffers = '16MB'`,
    `lc_messages = 'C'`,
  ]
  writeFileSync(join(folder, 'data/postgresql.auto.conf'), settings.join('\n'))
}

/** Resolves when the server says that it takes connections. */
async function runServer(binaries: string, folder: string, port: number, account: Account): Promise<ChildProcess> {
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', binaries, folder, String(port)], {
    ...account,
    cwd: folder,
    // Of a group of its own: what ends the test from the terminal must not end it before it has cleaned up.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const said: string[] = []
  const ready = Promise.withResolvers<void>()
  const fail = (): void => ready.reject(new Error(`Postgres did not start:\n${said.join('\n')}`))
  const giveUp = (): void => {
    keeper.stdin.end('keep\n')
    fail()
  }
  keeper.once('exit', fail)
  // Its end is seen by `exit`; a line that comes too late for it is no second fault.
  keeper.stdin.on('error', fail)
  const tooLong = setTimeout(giveUp, START_MS)
  createInterface(keeper.stderr).on('line', (line) => {
    if (line.includes('database system is ready to accept connections')) ready.resolve()
    if (said.push(line) > 100) said.shift()
    // Clients that come too early are a FATAL too.
    if (/FATAL: +(could not|lock file|data directory)/.test(line)) giveUp()
  })
  try {
    await ready.promise
  } finally {
    clearTimeout(tooLong)
  }
  return keeper
}

function findBinaries(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const homebrew = ['/opt/homebrew', '/usr/local'].flatMap((root) =>
    existsSync(`${root}/opt`)
      ? readdirSync(`${root}/opt`)
          .filter((name) => name.startsWith('postgresql'))
          .map((name) => `${root}/opt/${name}/bin`)
      : [],
  )
  const folders = [
    ...versions.map((version) => `${debian}/${version}/bin`),
    ...homebrew,
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  const found = folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))))
  if (found !== undefined) return found
  throw new Error(
    'These tests need the programs of a Postgres server (initdb, postgres), version 13 or newer, on PATH. ' +
      'Debian, Ubuntu: apt-get install postgresql. Fedora: dnf install postgresql-server. macOS: brew install postgresql@17.',
  )
}

/** Postgres refuses to run as root, as tests do in a container. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such account: the next one.
      continue
    }
  }
  throw new Error('Postgres refuses to run as root, and there is no account postgres or nobody to run it as')
}
