import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { SYSTEMD_STATE, unitName } from '../../infra/provider/index.ts'
import { Failure } from '../command/index.ts'

/** Where a stack's gateway keeps what must survive. */
export interface StorePlace {
  /** The gateway's folder: see docs/architecture.md, "A program and its folder". */
  folder: string
  /** The store, which need not be there. */
  file: string
  /** systemd's unit, where the gateway is one. */
  unit: string | undefined
  readyUrl: string
}

/** What of config.json is needed to find the store, and to ask the gateway how it is. */
interface Deployed {
  store: unknown
  admin: { host: string; port: number }
}

/** Where folders of gateways lie. */
export interface Roots {
  /** Of the project: what `pulumi up` starts as a process. */
  project: string
  /** Of the machine: what systemd runs. */
  machine: string
}

/**
 * Finds the store of the gateway that a stack has deployed on this machine.
 * @throws Failure `store_not_found`; `store_elsewhere` where a database keeps it
 */
export function findStore(
  stack: string,
  { project, machine = SYSTEMD_STATE }: Partial<Roots> & { project: string },
): StorePlace {
  const gateways = join(project, '.gatewright', 'stacks', stack, 'gateways')
  const here = existsSync(gateways) ? readdirSync(gateways).map((name) => join(gateways, name)) : []
  const ofMachine = join(machine, stack, 'gateway')
  const found = [...here, ofMachine].flatMap((folder) => {
    const deployed = deployedAt(folder)
    return deployed ? [{ folder, deployed }] : []
  })
  const [place] = found
  if (!place || found.length > 1)
    throw notOne(
      stack,
      found.map(({ folder }) => folder),
      [gateways, ofMachine],
    )
  const { folder, deployed } = place
  if (deployed.store !== 'sqlite') {
    throw new Failure(
      'store_elsewhere',
      `The gateway of "${stack}" keeps its store in Postgres: back that up by its own means, such as pg_dump.`,
    )
  }
  return {
    folder,
    file: join(folder, 'data', 'gateway.sqlite'),
    unit: folder === ofMachine ? unitName(stack) : undefined,
    readyUrl: `http://${deployed.admin.host}:${deployed.admin.port}/readyz`,
  }
}

function deployedAt(folder: string): Deployed | undefined {
  const file = join(folder, 'current', 'config.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Deployed) : undefined
}

function notOne(stack: string, found: readonly string[], looked: readonly string[]): Failure {
  const text =
    found.length > 1
      ? `"${stack}" has several gateways on this machine, and this command takes one: ${found.join(', ')}`
      : `There is no gateway of "${stack}" on this machine, or this user may not see it. Looked at: ${looked.join(', ')}`
  return new Failure('store_not_found', text)
}
