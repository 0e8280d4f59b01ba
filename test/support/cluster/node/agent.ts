import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

import { follow, type KubeObject, type openApi } from '../api/index.ts'
import type { Image, Outside, PodName } from '../machine/calls.ts'
import type { Network } from '../network/index.ts'
import { keepClaims } from './claims.ts'
import { prepareImages } from './image.ts'
import { nodeLease, nodeObject, nodeStatus } from './node-object.ts'
import { type PodContext, type PodWorker, runPod } from './pod.ts'

const LEASE_MS = 10_000
/** The kubelet takes about a minute, which no test would wait for. */
const REFRESH_MS = 1000

export interface AgentOptions {
  api: ReturnType<typeof openApi>
  network: Network
  /** For the files of pods and claims. */
  folder: string
  nodes: number
  outside: readonly Outside[]
  names: Readonly<Record<string, string>>
  images: Readonly<Record<string, Image>>
}

/** What stands in the place of the kubelets and the container runtimes of all nodes. */
export interface Agent {
  addOutside(outside: Outside): Promise<void>
  /** @throws Error when no such pod runs */
  log(pod: PodName): string
  kill(pod: PodName): Promise<void>
}

/** Registers nodes, and runs the pods that are bound to them, until the process ends. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { api, network, folder, names } = options
  const outside = [...options.outside]
  const workers = new Map<string, PodWorker & { pod: PodName }>()
  const configMaps = follow(api.connection, '/api/v1/configmaps', ignore)
  const secrets = follow(api.connection, '/api/v1/secrets', ignore)
  const claims = keepClaims(api, `${folder}/claims`)
  await mkdir(`${folder}/pods`, { recursive: true })
  const context: PodContext = {
    api,
    network,
    images: await prepareImages(`${folder}/image`, options.images),
    folder: `${folder}/pods`,
    names,
    outside: () => outside,
    sources: (namespace) => ({
      configMap: (name) => configMaps.get(namespace, name),
      secret: (name) => secrets.get(namespace, name),
    }),
    claim: claims.folderOf,
  }
  const nodes = Array.from({ length: options.nodes }, (_each, index) => `node-${index + 1}`)
  await Promise.all(nodes.map((name, index) => register(api, name, index, network.hostAddress)))

  function see(pod: KubeObject, isGone: boolean): void {
    const { uid = '', name, namespace = '' } = pod.metadata
    const { nodeName = '' } = pod['spec'] as { nodeName?: string }
    const worker = workers.get(uid)
    if (worker !== undefined) return isGone ? worker.gone() : worker.update(pod)
    if (isGone || !nodes.includes(nodeName) || isFinished(pod)) return
    const started = runPod(pod, context)
    workers.set(uid, { ...started, pod: { namespace, name } })
    void started.over.finally(() => workers.delete(uid))
  }
  const pods = follow(api.connection, '/api/v1/pods?fieldSelector=spec.nodeName!=', see)
  void keepRefreshing(workers)
  await Promise.all([configMaps.synced, secrets.synced, pods.synced])

  const find = ({ namespace, name }: PodName): PodWorker => {
    const found = [...workers.values()].findLast(({ pod }) => pod.namespace === namespace && pod.name === name)
    if (found === undefined) throw new Error(`no pod ${name} of ${namespace} is on a node`)
    return found
  }
  return {
    async addOutside(port) {
      outside.push(port)
      await Promise.all([...workers.values()].map((worker) => worker.addOutside(port)))
    },
    log: (pod) => find(pod).log(),
    kill: (pod) => find(pod).kill(),
  }
}

/** A pod that an earlier node had brought to its end is not run again. */
function isFinished(pod: KubeObject): boolean {
  const { phase } = (pod['status'] ?? {}) as { phase?: string }
  return phase === 'Succeeded' || phase === 'Failed'
}

async function register(api: AgentOptions['api'], name: string, index: number, address: string): Promise<void> {
  await api.create('/api/v1/nodes', nodeObject(name, index))
  const now = (): string => new Date().toISOString()
  await api.patch(`/api/v1/nodes/${name}/status`, { status: nodeStatus(name, address, now()) }, 'strategic')
  const lease = (): object => nodeLease(name, now().replace('Z', '000Z'))
  const renew = async (): Promise<void> => {
    for (;;) {
      await api.apply(lease() as Parameters<typeof api.apply>[0], { fieldManager: name }).catch(ignore)
      await delay(LEASE_MS)
    }
  }
  void renew()
}

async function keepRefreshing(workers: ReadonlyMap<string, PodWorker>): Promise<void> {
  for (;;) {
    await delay(REFRESH_MS)
    await Promise.all([...workers.values()].map((worker) => worker.refresh()))
  }
}

function ignore(): void {
  // Kept by the informer, or tried again.
}
