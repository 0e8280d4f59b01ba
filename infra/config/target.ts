import * as z from 'zod'

import { databaseUrl, listener } from './fields.ts'

/** The gateway as processes on this machine. */
export const target = z.strictObject({
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
})
