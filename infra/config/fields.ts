import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'

import { isSafe, origin } from '../../runtime/config.ts'
import { compilePolicy, PolicyError } from '../../runtime/policy/index.ts'

/** An origin that people's browsers or tokens meet: https, or http on this machine alone. */
export const publicOrigin = origin.refine(
  isSafe,
  'use https; plain http is only for hosts on this machine (localhost and *.localhost)',
)

/** `host:port` to listen on. */
export const listener = z
  .string()
  .regex(/^[^\s:]+:\d{1,5}$/, 'write it as host:port, for example 127.0.0.1:8400')
  // Where there is no number at all, that alone is reported.
  .refine((text) => !(portOf(text) < 1 || portOf(text) > 65_535), 'the port must be between 1 and 65535')
  .transform((text) => ({ host: text.slice(0, text.lastIndexOf(':')), port: portOf(text) }))

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

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1))
}
