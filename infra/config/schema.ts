import { z } from 'zod'

import { identifier, origin } from '../../runtime/config.ts'
import { listener, publicOrigin, rule } from './fields.ts'
import { identityProvider, type IdentityProviderSettings } from './identity-providers/index.ts'

const route = z.strictObject({
  from: publicOrigin,
  to: origin,
  /** Who may pass, in CEL. One of `allow` and `public` is needed. */
  allow: rule.optional(),
  /** Lets everybody pass without signing in; the text says why. */
  public: z.string().min(1).optional(),
  /** Only these providers count here; all of the stack where it is left out. */
  identityProviders: z.array(identifier).min(1).optional(),
  websocketOrigins: z.array(origin).default([]),
  allowEncodedSlash: z.boolean().default(false),
})

/** The gateway as processes on this machine. */
const target = z.strictObject({
  kind: z.literal('process'),
  listen: listener.prefault('127.0.0.1:8400'),
  /** Liveness and readiness. */
  admin: listener.prefault('127.0.0.1:8401'),
})

const sampleApp = z.strictObject({ route: identifier })

/** What a stack file says under `gatewright:`; unknown names are refused everywhere. */
export const stackSchema = z.strictObject({
  url: publicOrigin,
  name: z.string().min(1).default('Gatewright'),
  identityProviders: z.record(identifier, identityProvider),
  routes: z.record(identifier, route),
  session: z
    .strictObject({
      idleMinutes: z
        .int()
        .positive()
        .default(8 * 60),
      absoluteMinutes: z
        .int()
        .positive()
        .default(24 * 60),
    })
    .refine((session) => session.idleMinutes <= session.absoluteMinutes, 'idleMinutes is longer than absoluteMinutes')
    .prefault({}),
  target: target.prefault({ kind: 'process' }),
  /** Starts a small app that shows who is there, behind the route named here. */
  sampleApp: sampleApp.optional(),
})

export type StackConfig = z.output<typeof stackSchema>
export type StackInput = z.input<typeof stackSchema>
export type RouteSettings = StackConfig['routes'][string]

/** The parts of a stack that are right by themselves, so that what lies between them can be checked whatever else is wrong. */
export interface StackParts {
  url: string | undefined
  identityProviders: Record<string, IdentityProviderSettings>
  routes: Record<string, RouteSettings>
  target: StackConfig['target'] | undefined
  sampleApp: { route: string } | undefined
  /** All names that the stack file uses, also of parts that are wrong. */
  names: { identityProviders: string[]; routes: string[] }
}

/** @param input the values under `gatewright:`, whatever they are */
export function validParts(input: unknown): StackParts {
  const map: Record<string, unknown> = isMap(input) ? input : {}
  return {
    url: publicOrigin.safeParse(map['url']).data,
    identityProviders: validEntries(identityProvider, map['identityProviders']),
    routes: validEntries(route, map['routes']),
    target: stackSchema.shape.target.safeParse(map['target']).data,
    sampleApp: sampleApp.safeParse(map['sampleApp']).data,
    names: {
      identityProviders: namesOf(map['identityProviders']),
      routes: namesOf(map['routes']),
    },
  }
}

/** Without a prototype: a route called `constructor` that is not there must not be found. */
function validEntries<S extends z.ZodType>(schema: S, map: unknown): Record<string, z.output<S>> {
  const valid = Object.create(null) as Record<string, z.output<S>>
  for (const [key, value] of Object.entries(isMap(map) ? map : {})) {
    const { data } = schema.safeParse(value)
    if (data !== undefined) valid[key] = data
  }
  return valid
}

function namesOf(map: unknown): string[] {
  return isMap(map) ? Object.keys(map) : []
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
