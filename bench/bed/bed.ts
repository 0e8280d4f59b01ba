import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { bundleSource } from '../../infra/targets/index.ts'
import { type OpenIdProvider, startOpenIdProvider } from '../../test/support/openid-provider.ts'
import { freePorts } from '../../test/support/ports.ts'
import { type ProgramSpec, requireTools, type RunningProgram, startRunning, type Tool } from '../process/index.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** What every measurement stands on: identity provider, upstream, tools, and a folder that is gone afterwards. */
export interface Bed {
  /** Absolute; only ours. */
  folder: string
  tools: Record<Tool, string>
  /** The gateway as it is deployed. */
  bundle: string
  provider: OpenIdProvider
  upstream: Upstream
  signal: AbortSignal
  /** A port that was free a moment ago. */
  port(): Promise<number>
  /** Starts a program that ends with the bed, if not before. */
  start(spec: Pick<ProgramSpec, 'name' | 'command' | 'core' | 'readyUrl' | 'askEveryMs'>): Promise<RunningProgram>
  /** Does something at the end; the last one comes first. */
  atEnd(release: () => Promise<void>): void
  /** Ends all that was started, and removes the folder. */
  close(): Promise<void>
}

/** Access tokens outlive the bench: nobody's session is refreshed while it is measured. */
const ACCESS_SECONDS = 7_200

/** @throws Failure `bench_tool_missing`, `bench_failed`; the signal's reason */
export async function makeBed(signal: AbortSignal): Promise<Bed> {
  const tools = requireTools()
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-bench-'))
  const releases: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  let started = 0
  const parts = {
    folder,
    tools,
    signal,
    async port() {
      const [port = 0] = await freePorts(1)
      return port
    },
    async start(spec: Parameters<Bed['start']>[0]) {
      const running = await startRunning({ ...spec, signal, outputFile: join(folder, `output-${(started += 1)}.log`) })
      releases.push(() => running.stop())
      return running
    },
    atEnd(release: () => Promise<void>) {
      releases.push(release)
    },
    async close() {
      const failures: unknown[] = []
      // One that fails keeps no other from being ended.
      for (const release of releases.splice(0).toReversed()) await release().catch((error) => failures.push(error))
      if (failures.length > 0) throw new AggregateError(failures, 'the bench could not end all that it started')
    },
  }
  try {
    const bundle = join(folder, 'gateway.mjs')
    await writeFile(bundle, await bundleSource('gateway'))
    const provider = await startOpenIdProvider(await parts.port(), { accessSeconds: ACCESS_SECONDS })
    releases.push(() => provider.close())
    return { ...parts, bundle, provider, upstream: await startUpstream(parts) }
  } catch (error) {
    await parts.close()
    throw error
  }
}
