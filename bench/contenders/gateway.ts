import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'

import type { RuntimeConfig } from '../../runtime/config.ts'
import { baseConfig, writeRelease } from '../../test/support/release.ts'
import { nodeFlags } from '../../infra/targets/index.ts'
import { type Bed, PATHS } from '../bed/index.ts'
import type { RunningProgram } from '../process/index.ts'
import type { Contender } from './contender.ts'
import { signIn } from './sign-in.ts'

/** A release folder that a gateway can be started on. */
export interface GatewayFolder {
  path: string
  /** Exists. */
  dataFolder: string
  config: RuntimeConfig
  readyUrl: string
  /** By address. */
  origin: string
  /** Of the route `hello`, for people in the group `staff`. */
  host: string
}

/**
 * Writes a release with every default of a stack file.
 * @param change what a measurement needs besides
 */
export async function writeGatewayFolder(
  bed: Bed,
  change: (config: RuntimeConfig) => void = () => undefined,
): Promise<GatewayFolder> {
  const path = await mkdtemp(join(bed.folder, 'gateway-'))
  const dataFolder = join(path, 'data')
  await mkdir(dataFolder, { mode: 0o700 })
  const [listenPort, adminPort] = [await bed.port(), await bed.port()]
  const config = baseConfig({ listenPort, adminPort, appPort: bed.upstream.port, issuer: bed.provider.issuer })
  change(config)
  await writeRelease(path, config)
  return {
    path,
    dataFolder,
    config,
    readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    origin: `http://127.0.0.1:${listenPort}`,
    host: `hello.gw.localhost:${listenPort}`,
  }
}

/** Starts the bundle as `local.Process` does, on the proxy's core, its log going to a file. */
export function startGateway(
  bed: Bed,
  { path, readyUrl }: GatewayFolder,
  askEveryMs?: number,
): Promise<RunningProgram> {
  return bed.start({
    name: 'the gateway',
    command: [process.execPath, ...nodeFlags('gateway'), bed.bundle, '--folder', path],
    core: 'proxy',
    readyUrl,
    ...(askEveryMs === undefined ? {} : { askEveryMs }),
  })
}

/** Our gateway with a person signed in: session, policy, assertion, header rules and log, as they are by default. */
export async function startGatewright(bed: Bed): Promise<Contender> {
  const folder = await writeGatewayFolder(bed)
  const { pid } = await startGateway(bed, folder)
  const page = `http://${folder.host}${PATHS.json}`
  const person = await signIn(page, 'provider')
  const visitor = { host: folder.host, cookie: await person.cookieFor(page) }
  return { name: 'gatewright', pid, origin: folder.origin, visitor }
}
