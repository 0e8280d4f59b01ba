import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

import * as pulumi from '@pulumi/pulumi'
import * as z from 'zod'

import { isSafe, origin } from '../../runtime/config.ts'
import { compilePolicy, compilePomeriumPolicy, PolicyError, PomeriumPolicyError } from '../../runtime/policy/index.ts'

/** An origin that people's browsers or tokens meet: https, or http on this machine alone. */
export const publicOrigin = origin.refine(
  isSafe,
  'use https; plain http is only for hosts on this machine (localhost and *.localhost)',
)

/** `address:port` to listen on. */
export const listener = z
  .string()
  .refine((text) => isIP(hostOf(text)) !== 0 && /:\d{1,5}$/.test(text), 'write it as address:port, like 127.0.0.1:8400')
  // Where there is no number at all, that alone is reported.
  .refine((text) => !(portOf(text) < 1 || portOf(text) > 65_535), 'the port must be between 1 and 65535')
  .transform((text) => ({ host: hostOf(text), port: portOf(text) }))

/** `host` or `host:port`, spelled as `URL.host` spells it. */
export const hostAndPort = z
  .string()
  .refine((text) => URL.parse(`https://${text}`)?.host === text, 'write the host alone, like acme.okta.com')

/** Scopes as RFC 6749 §3.3 spells them: a list, or one text with commas or spaces between them. */
export const scopes = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter((scope) => scope !== '') : value))
  .pipe(
    z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'write one scope an entry, without spaces'))
      .refine((list) => list.includes('openid'), 'openid must be among them: without it there is no ID token'),
  )

/** How long something lasts. A hundred years are no limit, and still a number of seconds that every store takes. */
export const minutes = z
  .int()
  .positive()
  .max(100 * 366 * 24 * 60)

/** How long a session may lie idle, and how long it may live at all, where that differs from the stack's own. */
export const sessionOverrides = z
  .strictObject({ idleMinutes: minutes.optional(), absoluteMinutes: minutes.optional() })
  .refine(
    ({ idleMinutes = 0, absoluteMinutes = Infinity }) => idleMinutes <= absoluteMinutes,
    'idleMinutes is longer than absoluteMinutes',
  )

/** A network (CIDR) or a single address, which becomes a network of its own. */
export const network = z
  .string()
  .transform((text) => (isIP(text) === 4 ? `${text}/32` : isIP(text) === 6 ? `${text}/128` : text))
  .refine(
    (text) => z.union([z.cidrv4(), z.cidrv6()]).safeParse(text).success,
    'write a network or an address, like 10.0.0.0/8 or 192.0.2.7',
  )

/** A domain of addresses, in ASCII. */
export const domain = z
  .string()
  .transform((text) => domainToASCII(text).toLowerCase())
  .refine((text) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(text), 'write a domain, like acme.com')

/** Domains of addresses: a list, or one text with commas between them. */
export const domains = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value))
  .pipe(z.array(domain).refine((list) => new Set(list).size === list.length, 'a domain is there twice'))

/** A file of the stack's project. */
export const file = z.string().min(1)

/** A rule: CEL, where a mistake is shown with a caret under it, or a block of the Pomerium Policy Language, which becomes CEL. */
export const rule = z
  .custom<string | object>(
    (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
    'write a rule in CEL, or a policy of allow and deny',
  )
  .superRefine((value, context) => {
    try {
      compilePolicy(celOf(value))
    } catch (error) {
      if (error instanceof PomeriumPolicyError) {
        for (const { path, message } of error.problems) context.addIssue({ code: 'custom', path: [...path], message })
      } else if (error instanceof PolicyError) context.addIssue({ code: 'custom', message: error.message })
      else throw error
    }
  })
  .transform(celOf)

function celOf(value: string | object): string {
  return typeof value === 'string' ? value : compilePomeriumPolicy(value)
}

/** A secret: the value (`secure:` in the stack file), or the name of an environment variable that holds it. */
export const secret = z
  .union([
    z.string().min(1),
    z.strictObject({ env: z.string() }),
    z.custom<pulumi.Output<string>>((value) => pulumi.Output.isInstance(value)),
  ])
  .transform((value, context) => {
    if (typeof value === 'string' || pulumi.Output.isInstance<string>(value)) return pulumi.secret(value)
    const found = process.env[value.env]
    if (found) return pulumi.secret(found)
    context.addIssue({ code: 'custom', message: `the environment variable ${value.env} is not set` })
    return z.NEVER
  })

/** Where a database is, with its password: `postgres://user:password@host/name`. It is looked at where it stands in the open. */
export const databaseUrl = z
  .custom<z.input<typeof secret>>()
  .superRefine((value, context) => {
    const text = inTheOpen(value)
    if (text === undefined || /^postgres(?:ql)?:$/.test(URL.parse(text)?.protocol ?? '')) return
    // Of two lines, because a value is repeated before a message of one line.
    context.addIssue({
      code: 'custom',
      message: 'is no address of a Postgres database:\nwrite it as postgres://user:password@host:5432/name',
    })
  })
  .pipe(secret)

/** The text, where the stack file or the environment has it; an output is looked at when it is there. */
export function inTheOpen(value: z.input<typeof secret>): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null && 'env' in value && typeof value.env === 'string'
    ? process.env[value.env]
    : undefined
}

function hostOf(text: string): string {
  return text.slice(0, text.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
}

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1))
}
