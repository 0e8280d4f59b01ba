import { isIP } from 'node:net'

import * as z from 'zod'

import { origin } from '../../runtime/config.ts'
import { file, hostAndPort, secret } from './fields.ts'
import { headerChanges } from './headers.ts'
import { path } from './paths.ts'
import { bytes, seconds } from './sizes.ts'

/** How the app's servers are known again, and how we show ourselves to them. */
const tls = z.strictObject({
  /** Certificates in PEM that are trusted instead of the system's. */
  ca: file.optional(),
  /** Asked for and checked, instead of the name in `to`. */
  serverName: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'write a host name')
    .refine((name) => isIP(name) === 0, 'write a host name: nobody is asked for by an address (RFC 6066 §3)')
    .optional(),
  /** How we show ourselves. */
  clientCertificate: z.strictObject({ certificate: file, key: secret }).optional(),
})

const count = z.int().min(1).max(100)

/** A question to each server, over and over; 2xx is healthy. */
const healthCheck = z.strictObject({
  path,
  interval: seconds.default(10),
  timeout: seconds.default(2),
  /** So many answers in a row. */
  healthyAfter: count.default(2),
  /** So many without one. */
  unhealthyAfter: count.default(3),
})

const servers = z
  .custom<string | string[]>(
    (value) => typeof value === 'string' || (Array.isArray(value) && value.length > 0),
    'write an origin, or a list of origins',
  )
  .superRefine((value, context) => {
    for (const [index, server] of listOf(value).entries()) {
      const [issue] = origin.safeParse(server).error?.issues ?? []
      const place = typeof value === 'string' ? [] : [index]
      if (issue) context.addIssue({ code: 'custom', path: place, message: issue.message })
      else if (listOf(value).indexOf(server) < index) {
        context.addIssue({ code: 'custom', path: place, message: 'this server is there already' })
      }
    }
  })
  .transform(listOf)

function listOf(value: string | string[]): string[] {
  return typeof value === 'string' ? [value] : value
}

/** What can be said about passing requests on; defaults are filled in when the runtime is told. */
export const upstreamFields = {
  /** What answers: one server of the app, or several. */
  to: servers.optional(),
  /** By turns, or to the server with the fewest requests under way. */
  balance: z.enum(['round_robin', 'least_requests']).optional(),
  /** How we speak to the app; HTTP/2 without TLS is spoken with prior knowledge. */
  protocol: z.enum(['http1', 'http2']).optional(),
  healthCheck: healthCheck.optional(),
  /** How often a request that may be repeated is tried again. */
  retries: z.int().min(0).max(5).optional(),
  /** How long we wait. */
  timeouts: z
    .strictObject({
      connect: seconds.optional(),
      firstByte: seconds.optional(),
      /** Without a byte in either direction. */
      idle: seconds.optional(),
      /** Of the whole exchange. */
      total: seconds.optional(),
    })
    .optional(),
  /** Of a request. */
  limits: z.strictObject({ body: bytes.optional(), headers: bytes.optional() }).optional(),
  tls: tls.optional(),
  /** The app sees the public host instead of its own. */
  preserveHost: z.boolean().optional(),
  /** Requests reach the app with another path or host. */
  rewrite: z
    .strictObject({
      /** Takes the place of the route's prefix. */
      prefix: path.optional(),
      host: hostAndPort.optional(),
    })
    .refine(
      ({ prefix, host }) => prefix !== undefined || host !== undefined,
      'say what is rewritten: prefix, host or both',
    )
    .optional(),
  requestHeaders: headerChanges.optional(),
  responseHeaders: headerChanges.optional(),
}

/** Of no use where nothing is passed on. */
export const UPSTREAM_FIELDS = Object.keys(upstreamFields).filter((name) => name !== 'to') as Exclude<
  keyof typeof upstreamFields,
  'to'
>[]
