import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { ApiClient, KubeObject } from '../api/index.ts'
import { isNotFound } from '../api/index.ts'
import { openOnLoopback, type Network, type PodNetwork } from '../network/index.ts'
import type { Outside } from '../machine/calls.ts'
import { ContainerRefused, mountLines, processOf } from './container.ts'
import { type ContainerRun, runContainer, waitingState } from './container-run.ts'
import { environmentOf, type Fields, type Sources } from './environment.ts'
import { type Images, type Mount, writeEtc } from './image.ts'
import { createLog, type Log, startProcess } from './processes.ts'
import { createReporter } from './reporter.ts'
import { type ContainerSpec, parsePodSpec, type PodSpec } from './spec.ts'
import type { ContainerState } from './status.ts'
import { makeVolumes, type Volumes } from './volumes.ts'

const AGAIN_MS = 250

/** What pods are made of. */
export interface PodContext {
  api: ApiClient
  network: Network
  images: Images
  /** Folder of the node; each pod has one in it. */
  folder: string
  names: Readonly<Record<string, string>>
  /** The ports that every pod has on its loopback, now. */
  outside(): readonly Outside[]
  sources(namespace: string): Sources
  claim(namespace: string, name: string): string | undefined
}

/** A pod on its node, from when it was bound to it until it is gone. */
export interface PodWorker {
  /** The stored object has changed. */
  update(pod: KubeObject): void
  /** The object is gone: there is no one to report to. */
  gone(): void
  refresh(): Promise<void>
  addOutside(outside: Outside): Promise<void>
  log(): string
  kill(): Promise<void>
  /** When nothing of it is left here. */
  over: Promise<void>
}

/** Runs a pod. */
export function runPod(stored: KubeObject, context: PodContext): PodWorker {
  const { name, namespace = '', uid = '' } = stored.metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`
  const folder = join(context.folder, uid)
  const stopping = new AbortController()
  const deleted = Promise.withResolvers<number>()
  const closers: (() => unknown)[] = []
  const runs: ContainerRun[] = []
  const log = createLog()
  let network: PodNetwork | undefined
  let volumes: Volumes | undefined
  const reporter = createReporter(context.api, path, uid, context.network.hostAddress)

  function update(pod: KubeObject): void {
    if (pod.metadata.deletionTimestamp === undefined) return
    const grace = pod.metadata.deletionGracePeriodSeconds ?? 30
    deleted.resolve(grace)
    stopping.abort()
    if (grace === 0) void Promise.all(runs.map((run) => run.kill()))
  }
  async function start(spec: PodSpec): Promise<void> {
    network = await context.network.addPod()
    const held = network
    closers.push(() => held.remove())
    const { address } = network
    reporter.addressed(address)
    closers.push(await openOnLoopback(network.namespace, context.outside()))
    const fields = fieldsOf(stored, spec, address, context.network.hostAddress)
    const sources = context.sources(namespace)
    const made = await tryUntil(stopping.signal, reporter.waiting, () =>
      makeVolumes(spec, {
        folder: join(folder, 'volumes'),
        fields,
        sources,
        claim: (claim) => context.claim(namespace, claim),
      }),
    )
    if (made === undefined) return
    volumes = made
    closers.push(() => made.remove())
    const hostname = spec.hostname ?? name
    const etc = await writeEtc(join(folder, 'etc'), { hostname, address }, context.names)
    const parts: Parts = { spec, folder, fields, sources, volumes: made, etc, hostname, held, context, log }
    for (const container of spec.containers) {
      const run = runContainer(container, {
        address,
        restartPolicy: spec.restartPolicy,
        graceSeconds: spec.terminationGracePeriodSeconds,
        log,
        start: () => startContainer(container, parts),
        changed: reporter.changed,
        stopping: stopping.signal,
      })
      runs.push(run)
    }
    reporter.containers(() => runs.map(({ state }) => state))
  }
  async function live(): Promise<void> {
    let spec: PodSpec
    try {
      spec = parsePodSpec(stored['spec'])
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      reporter.containers(() => refused(stored, message))
      await deleted.promise
      return
    }
    reporter.containers(() => spec.containers.map((container) => waitingState(container)))
    await start(spec).catch((error: unknown) => {
      // Nothing that a pod could ask for leads here; whoever looks at the pod is to see it.
      reporter.waiting(`the node failed: ${error instanceof Error ? error.message : String(error)}`)
    })
    const finished = runs.length > 0 ? Promise.all(runs.map((run) => run.over)) : deleted.promise
    await Promise.race([finished, deleted.promise])
    if (!stopping.signal.aborted) reporter.finished()
    const grace = await deleted.promise
    await Promise.all(runs.map((run) => run.stop(grace)))
    reporter.finished()
  }
  async function clean(): Promise<void> {
    for (const close of closers.toReversed()) await close()
    await reporter.close()
    await rm(folder, { recursive: true, force: true })
    await context.api.delete(path, { gracePeriodSeconds: 0, uid }).catch(ignoreOther)
  }
  const over = live()
    .catch((error: unknown) =>
      log.add(`[node] ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
    )
    .then(() => deleted.promise)
    .then(clean)
  update(stored)
  return {
    update,
    gone() {
      deleted.resolve(0)
      stopping.abort()
      void Promise.all(runs.map((run) => run.kill()))
    },
    refresh: async () => volumes?.refresh(),
    async addOutside(outside) {
      if (network !== undefined) closers.push(await openOnLoopback(network.namespace, [outside]))
    },
    log: () => log.text(),
    async kill() {
      await Promise.all(runs.map((run) => run.kill()))
    },
    over,
  }
}

interface Parts {
  spec: PodSpec
  folder: string
  fields: Fields
  sources: Sources
  volumes: Volumes
  etc: readonly Mount[]
  hostname: string
  held: PodNetwork
  context: PodContext
  log: Log
}

async function startContainer(container: ContainerSpec, parts: Parts): Promise<ReturnType<typeof startProcess>> {
  const { spec, folder, fields, sources, volumes, etc, hostname, held, context, log } = parts
  const image = context.images(container.image)
  if (image === undefined) throw new ContainerRefused('ErrImagePull', `${container.image}: there is no such image`)
  const environment = { ...environmentOf(container, image.environment, fields, sources), HOSTNAME: hostname }
  const mounts = await Promise.all(
    container.volumeMounts.map(async ({ name, mountPath, readOnly, subPath }): Promise<Mount> => {
      const object = spec.volumes.find((volume) => volume.name === name) ?? {}
      const fixed = 'configMap' in object || 'secret' in object || 'projected' in object
      return { access: readOnly || fixed ? 'ro' : 'rw', source: await volumes.path(name, subPath), target: mountPath }
    }),
  )
  const root = join(folder, 'roots', container.name)
  await mkdir(root, { recursive: true })
  const file = join(folder, `${container.name}.mounts`)
  await writeFile(file, mountLines([...image.mounts, ...etc, ...mounts]))
  const what = { image, networkNamespace: held.namespace, root, mounts: file, environment }
  return startProcess(processOf(spec, container, what), log)
}

function fieldsOf({ metadata }: KubeObject, spec: PodSpec, address: string, hostAddress: string): Fields {
  return {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace ?? '',
    'metadata.uid': metadata.uid ?? '',
    'spec.nodeName': spec.nodeName,
    'status.podIP': address,
    'status.hostIP': hostAddress,
  }
}

function refused({ spec }: KubeObject, message: string): ContainerState[] {
  const { containers } = spec as { containers: { name: string; image: string }[] }
  return containers.map((container) => waitingState(container, 'CreateContainerConfigError', message))
}

async function tryUntil<Made>(
  signal: AbortSignal,
  report: (why: string) => void,
  attempt: () => Promise<Made>,
): Promise<Made | undefined> {
  while (!signal.aborted) {
    try {
      return await attempt()
    } catch (error) {
      report(error instanceof Error ? error.message : String(error))
      await delay(AGAIN_MS)
    }
  }
  return undefined
}

function ignoreOther(error: unknown): void {
  // Another pod of that name: ours is gone.
  if (isNotFound(error) || (error as { status?: number }).status === 409) return
  throw error
}
