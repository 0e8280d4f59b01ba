import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

import { ProviderError } from '../errors.ts'

/** Above what a unit may take to stop (unit-file.ts), in milliseconds. */
const TIMEOUT_MS = 90_000

/** How much of the journal a message shows, in lines. */
const TAIL_LINES = 15

const run = promisify(execFile)

/** What systemd knows of a unit. */
export interface UnitState {
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
  active: string
  /** `enabled`, `disabled`, `masked`…; empty where there is no such unit. */
  enabled: string
  /** 0 where none runs. */
  mainPid: number
}

/**
 * Asks systemd to do something, and waits until it is done.
 * @param args verb and units; nothing secret
 * @throws ProviderError `systemd_failed` with what it said
 */
export async function systemctl(...args: string[]): Promise<void> {
  try {
    await run('systemctl', ['--no-ask-password', '--quiet', ...args], { timeout: TIMEOUT_MS })
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    const text = `systemctl ${args.join(' ')} failed: ${said === '' ? String(cause) : said}`
    throw new ProviderError('systemd_failed', text, { cause })
  }
}

/** @throws ProviderError `systemd_failed` */
export async function unitState(unit: string): Promise<UnitState> {
  const names = ['ActiveState', 'UnitFileState', 'MainPID']
  try {
    const { stdout } = await run('systemctl', ['show', `--property=${names.join(',')}`, `${unit}.service`], {
      timeout: TIMEOUT_MS,
    })
    const values = new Map(
      stdout.split('\n').map((line): [string, string] => {
        const equals = line.indexOf('=')
        return [line.slice(0, equals), line.slice(equals + 1)]
      }),
    )
    return {
      active: values.get('ActiveState') ?? '',
      enabled: values.get('UnitFileState') ?? '',
      mainPid: Number(values.get('MainPID') ?? 0),
    }
  } catch (cause) {
    throw new ProviderError('systemd_failed', `systemctl show ${unit} failed: ${String(cause)}`, { cause })
  }
}

/** A variable of a process's first environment; undefined where it has none, or is not there. */
export async function variableOf(pid: number, name: string): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  })
  const start = `${name}=`
  return text
    .split('\0')
    .find((entry) => entry.startsWith(start))
    ?.slice(start.length)
}

/** The last lines of a process in the journal; empty where there is no journal. */
export async function journalTail(pid: number): Promise<string> {
  const args = ['--no-pager', '--output=cat', `--lines=${TAIL_LINES}`, `_PID=${pid}`]
  const { stdout } = await run('journalctl', args, { timeout: TIMEOUT_MS }).catch(() => ({ stdout: '' }))
  return stdout.trimEnd()
}

/**
 * Makes sure that we may do what administrators do here.
 * @throws ProviderError `platform_unsupported` where systemd does not run the machine (sd_booted(3)), `not_root`
 */
export function requireAdministrator(): void {
  if (!existsSync('/run/systemd/system')) {
    throw new ProviderError('platform_unsupported', 'systemd does not run this machine: leave `target.systemd` out')
  }
  if (process.getuid?.() === 0) return
  throw new ProviderError(
    'not_root',
    'Only root may make a system service: run Pulumi as root on this machine, or leave `target.systemd` out',
  )
}
