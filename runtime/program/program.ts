import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { pino, type Logger } from 'pino'

import { payloadOf, readRelease, type Release } from '../release.ts'
import { createLines, type Lines } from './lines.ts'
import { watchMountedReleases } from './mounted-releases.ts'
import { oneLine } from './one-line.ts'
import type { Readiness } from './readiness.ts'

/** What a program is given when it starts. */
export interface ProgramContext {
  /** Folder for what must survive a restart; exists, 0700. */
  dataFolder: string
  /** Writes JSON lines to stdout. */
  log: Logger
  /** To be shown at the program's readiness URL; kept up to date. */
  readiness: Readonly<Readiness>
}

export interface Program {
  /**
   * Checks a release and puts it in force, at the first call and at each reload; one call at a time.
   * @throws Error when the release is not valid, and then leaves the one in force untouched; the message goes to the log
   *   and to readiness, so no secret may be in it
   */
  apply(release: Release): Promise<void>
  /** Stops accepting and resolves when what runs has finished, within ten seconds. */
  drain(): Promise<void>
}

/**
 * Runs a program by the contract in docs/architecture.md, "A program and its folder": reads the folder named by
 * `--folder`, applies its release, again on SIGHUP or when a mounted folder changes, drains on SIGTERM. Exits with 1 when the first release is not valid.
 * @param name stands in every log line
 */
export async function runProgram(name: string, start: (context: ProgramContext) => Promise<Program>): Promise<void> {
  const log = createLog(name)
  const { values } = parseArgs({ options: { folder: { type: 'string' } } })
  if (values.folder === undefined) {
    log.fatal('Start it with --folder <folder>')
    process.exitCode = 1
    return
  }
  try {
    await serve(values.folder, log, start)
  } catch (error) {
    log.fatal({ error: oneLine(error) }, 'Cannot start')
    process.exit(1)
  }
}

/**
 * Opens stdout for whole lines. Where they cannot be written, a full disk for one, they are lost and the program goes on.
 */
export function openOutput(): Omit<Lines, 'flush'> {
  const destination = pino.destination({ fd: 1, sync: true })
  destination.on('error', () => undefined)
  const lines = createLines((text) => void destination.write(text))
  process.on('exit', () => lines.flush())
  return lines
}

/**
 * Makes the log of a program: JSON lines to stdout.
 * @param name stands in every line
 */
export function createLog(name: string): Logger {
  const formatters = { level: (level: string) => ({ level }) }
  return pino({ base: { program: name }, timestamp: pino.stdTimeFunctions.isoTime, formatters }, openOutput())
}

async function serve(folder: string, log: Logger, start: (context: ProgramContext) => Promise<Program>): Promise<void> {
  const dataFolder = await openDataFolder(folder)
  const readiness: Readiness = { status: 'starting', generation: '' }
  const program = await start({ dataFolder, log, readiness })

  const apply = async (): Promise<void> => {
    const release = await readRelease(folder)
    await program.apply(release)
    readiness.generation = release.generation
    delete readiness.refused
  }
  const reload = async (): Promise<void> => {
    try {
      await apply()
      log.info({ generation: readiness.generation }, 'Reloaded')
    } catch (error) {
      readiness.refused = { generation: await readGeneration(folder), error: oneLine(error) }
      log.error({ inForce: readiness.generation, refused: readiness.refused }, 'Release refused')
    }
  }
  const drain = async (): Promise<void> => {
    readiness.status = 'draining'
    await program.drain()
    log.info('Stopped')
    process.exit(0)
  }

  // One after the other: two reloads at once could leave the older one in force. Signals that come while the first release
  // is still applied wait for it; without a listener they would end the process.
  let turn = Promise.resolve()
  const reloadInTurn = (): void => {
    turn = turn.then(reload)
  }
  process.on('SIGHUP', reloadInTurn)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      turn = turn.then(drain)
    })
  }
  // Before the release is read, so that no change can fall between the two.
  const payload = await payloadOf(folder)
  if (payload !== undefined) watchMountedReleases(folder, payload, reloadInTurn)
  const first = apply()
  turn = first
  await first
  readiness.status = 'ready'
  log.info({ generation: readiness.generation, startedInMs: Math.round(performance.now()) }, 'Ready')
  // Where there is a cache: a start after a crash must find it, not only one after an orderly end.
  flushCompileCache()
}

/** The folder of a volume belongs to who made it, and its mode is theirs to say: there is no changing it. */
async function openDataFolder(folder: string): Promise<string> {
  const dataFolder = join(folder, 'data')
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const { uid } = await stat(dataFolder)
  if (uid === process.getuid?.()) await chmod(dataFolder, 0o700)
  return dataFolder
}

/** Read apart from the release, because a release whose config.json cannot be read has a name too. */
async function readGeneration(folder: string): Promise<string> {
  try {
    return (await readFile(join(folder, 'current', 'generation'), 'utf8')).trim()
  } catch {
    // The reason why the release cannot be read is in `error` already.
    return ''
  }
}
