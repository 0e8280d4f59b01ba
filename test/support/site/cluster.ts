import { type Cluster, startCluster } from '../cluster/index.ts'
import type { TestCertificate } from '../idp/index.ts'
import { type Postgres, startPostgres } from '../postgres.ts'
import { type Apps, startApps } from './apps.ts'
import { type Edge, startEdge } from './edge.ts'

/** Where the gateway's pods are to find what runs beside the cluster. */
export interface SurroundingsOptions {
  certificate: TestCertificate
  nodes?: number
  /** Ports of this machine's loopback that pods have on theirs: those of emulated vendors. */
  vendorPorts: readonly number[]
  /** `host:port` of apps, all of which are the one server that says to whom it speaks. */
  apps: readonly string[]
}

/** A cluster with an edge in front, a database beside, and apps behind. */
export interface Surroundings {
  cluster: Cluster
  edge: Edge
  postgres: Postgres
  /** An address of a new database, as pods have it. */
  createDatabase(): Promise<string>
  close(): Promise<void>
}

const DATABASE_HOST = 'postgres.databases.svc.cluster.local'
const NAMESPACE = 'gatewright'
/** What a test's image has besides Node: the authority of emulated vendors. */
const AUTHORITY = '/opt/authority.pem'

/** The image that the kit runs by default, which is what {@link startSurroundings} adds the authority to. */
export const IMAGE = `docker.io/library/node:${process.versions.node}-slim`

/** Starts all of it: ready in a few seconds. */
export async function startSurroundings(options: SurroundingsOptions): Promise<Surroundings> {
  const { certificate, vendorPorts, nodes = 1 } = options
  const [postgres, apps] = await Promise.all([startPostgres(), startApps()])
  const database = new URL(await postgres.createDatabase())
  const hosts = options.apps.map((app) => app.split(':')[0] ?? '')
  const cluster = await startCluster({
    nodes,
    names: Object.fromEntries([DATABASE_HOST, ...hosts].map((host) => [host, '127.0.0.1'])),
    outside: [...portsOf(apps, options.apps), ...[Number(database.port), ...vendorPorts].map((port) => ({ port }))],
    images: { [IMAGE]: { files: { [AUTHORITY]: certificate.file }, env: { NODE_EXTRA_CA_CERTS: AUTHORITY } } },
  })
  const edge = await startEdge(cluster, NAMESPACE, certificate)
  return {
    cluster,
    edge,
    postgres,
    async createDatabase() {
      const url = new URL(await postgres.createDatabase())
      url.hostname = DATABASE_HOST
      return url.href
    },
    async close() {
      await edge.close()
      await cluster.close()
      await Promise.all([postgres.remove(), apps.close()])
    },
  }
}

function portsOf(apps: Apps, addresses: readonly string[]): { port: number; to: number }[] {
  const ports = new Set(addresses.map((address) => Number(address.split(':')[1])))
  return [...ports].map((port) => ({ port, to: apps.port }))
}
