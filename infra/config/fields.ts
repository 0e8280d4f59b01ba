import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'

import { isSafe, origin } from '../../runtime/config.ts'
import { compilePolicy, PolicyError } from '../../runtime/policy/index.ts'

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

/** A scope as RFC 6749 §3.3 spells it. */
export const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'write one scope an entry, without spaces'))
  .refine((list) => list.includes('openid'), 'openid must be among them: without it there is no ID token')

/** A domain of addresses, in ASCII. */
export const domain = z
  .string()
  .transform((text) => domainToASCII(text).toLowerCase())
  .refine((text) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(text), 'write a domain, like acme.com')

/** A rule in CEL; a mistake is shown with a caret under it. */
export const rule = z.string().superRefine((expression, context) => {
  try {
    compilePolicy(expression)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    context.addIssue({ code: 'custom', message: error.message })
  }
})

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

function hostOf(text: string): string {
  return text.slice(0, text.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
}

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1))
}
