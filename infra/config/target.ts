import * as z from 'zod'

import { databaseUrl, listener } from './fields.ts'
import { type KubernetesSettings, kubernetesTarget } from './kubernetes/index.ts'
import { systemd } from './systemd.ts'

/** The gateway as processes on this machine. */
const processTarget = z.strictObject({
  kind: z.literal('process'),
  listen: listener.prefault('127.0.0.1:8400'),
  /** Liveness and readiness. */
  admin: listener.prefault('127.0.0.1:8401'),
  /** A Postgres database that keeps the sessions; a file of the gateway's own where it is left out. */
  database: z.strictObject({ url: databaseUrl }).optional(),
  /** Processes that answer requests; `auto` is one for each core. */
  workers: z.union([z.int().min(1).max(256), z.literal('auto')]).default(1),
  /** The gateway speaks TLS itself; files of the stack's project, read again when they change. */
  tls: z
    .strictObject({
      certificates: z.array(z.strictObject({ certificate: z.string().min(1), key: z.string().min(1) })).min(1),
    })
    .optional(),
  /** Run by systemd, from this machine's start on; a process that ends with the machine where it is left out. */
  systemd: systemd.optional(),
})

/** No gateway at all: a stack of relying parties alone. */
const noTarget = z.strictObject({ kind: z.literal('none') })

/** Where the gateway runs. */
export const target = z.discriminatedUnion('kind', [processTarget, kubernetesTarget, noTarget])

export type TargetSettings = z.output<typeof target>
export type ProcessSettings = z.output<typeof processTarget>
export type { KubernetesSettings }

/** Certificates of a gateway that speaks TLS itself. */
export type TargetTls = NonNullable<ProcessSettings['tls']>

/** Where the gateway listens in a pod, at all of its addresses of either family. */
export const POD_PORTS = { listen: 8400, admin: 8401 } as const

/** What the runtime is told of the place where it runs. */
export interface Placement {
  listen: { host: string; port: number }
  admin: { host: string; port: number }
  workers: number | 'auto'
  store: 'sqlite' | 'postgres'
  tls?: TargetTls
}

/** @throws Error for a target where nothing runs */
export function placementOf(settings: TargetSettings): Placement {
  if (settings.kind === 'none') throw new Error('target.kind is none: nothing runs')
  const store = settings.database ? 'postgres' : 'sqlite'
  if (settings.kind === 'kubernetes') return { listen: inPod('listen'), admin: inPod('admin'), workers: 1, store }
  const { listen, admin, workers, tls } = settings
  return { listen, admin, workers, store, ...(tls ? { tls } : {}) }
}

function inPod(name: keyof typeof POD_PORTS): Placement['listen'] {
  return { host: '::', port: POD_PORTS[name] }
}
