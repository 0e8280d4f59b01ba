import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

import { freePorts } from '../ports.ts'
import { type ApiClient, type KubeObject, openApi } from './api/index.ts'
import { callsTo, type Image, type Outside } from './machine/calls.ts'
import { clusterBinaries, findEtcd } from './toolchain.ts'

/** What a cluster is to be like; each has a default. */
export interface ClusterOptions {
  /** How many nodes, each in a zone of its own. Default: 1 */
  nodes?: number
  /** Ports of this machine's loopback that every pod has on its own; see also `offer`. */
  outside?: readonly Outside[]
  /** Names that pods find in /etc/hosts, and their addresses. A port behind one needs `outside`. */
  names?: Readonly<Record<string, string>>
  /** Images by name, besides `node:<version>`: those of the operator's own. */
  images?: Readonly<Record<string, Image>>
}

/** A pod as it is stored. */
export type Pod = KubeObject & {
  spec: { nodeName?: string; containers: { name: string; image: string }[] }
  status: { phase: string; podIP?: string; conditions?: { type: string; status: string }[] }
}

/** A cluster that lasts until it is closed, or until the test's process ends. */
export interface Cluster {
  /** The content of a kubeconfig file: an administrator's, with a token. */
  kubeconfig: string
  api: ApiClient
  /**
   * An address on loopback behind which connections go to the ready endpoints of a Service in turn, as through kube-proxy.
   * @param port of the Service, by number or name
   */
  serviceAddress(namespace: string, name: string, port: number | string): Promise<ServiceAddress>
  pods(namespace: string): Promise<Pod[]>
  /** What the containers of a pod have written, the last MiB of each, restarts included. Pods that are gone have none. */
  logs(namespace: string, pod: string): Promise<string>
  /** Makes a port of this machine's loopback one of every pod's, from now on. */
  offer(outside: Outside): Promise<void>
  /** SIGKILL to the processes of a pod, of which the API knows nothing. */
  killPod(namespace: string, pod: string): Promise<void>
  /** The last lines of etcd, kube-apiserver, kube-controller-manager or kube-scheduler. */
  programLog(name: string): Promise<string>
  /** Ends every process and removes every trace. */
  close(): Promise<void>
}

/** Where a Service answers. */
export interface ServiceAddress {
  host: string
  port: number
  close(): Promise<void>
}

const MACHINE = new URL('machine/main.ts', import.meta.url).pathname
const KEPT = 16_000

/**
 * Starts a cluster: ready in a few seconds.
 * @throws Error that says what is missing: Linux, root, etcd, Go
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('The test cluster needs Linux and root: its pods live in namespaces of the kernel’s')
  }
  const etcd = findEtcd()
  const binaries = await clusterBinaries()
  const ports = (await freePorts(3)) as [number, number, number]
  const { child, said } = startMachine()
  const call = callsTo(child, said)
  const lost = (): void => console.error(`The test cluster has ended by itself: ${said()}`)
  child.once('exit', lost)
  const close = async (): Promise<void> => {
    child.off('exit', lost)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  }
  try {
    const { nodes = 1, outside = [], names = {}, images = {} } = options
    const started = await call('start', { binaries, etcd, ports, nodes, outside, names, images })
    const api = openApi(started.credentials)
    return {
      kubeconfig: started.kubeconfig,
      api,
      async serviceAddress(namespace, name, port) {
        const address = await call('serviceAddress', { namespace, name, port })
        return { ...address, close: () => call('closeAddress', address.port) }
      },
      pods: async (namespace) => (await api.list(`/api/v1/namespaces/${namespace}/pods`)) as Pod[],
      logs: (namespace, name) => call('logs', { namespace, name }),
      offer: (port) => call('addOutside', port),
      killPod: (namespace, name) => call('killPod', { namespace, name }),
      programLog: (name) => call('programLog', name),
      async close() {
        await api.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The first process of a process namespace, in which everything of the cluster runs, and of a mount namespace, in which
 * its files are: the kernel ends and removes all of it with this one process, however that comes to its end.
 */
function startMachine(): { child: ChildProcess; said: () => string } {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const child = spawn('unshare', [...namespaces, process.execPath, MACHINE], {
    // Of a group of its own: what ends the test from the terminal ends this by the channel's end.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-KEPT)
    })
  }
  return { child, said: () => text }
}
