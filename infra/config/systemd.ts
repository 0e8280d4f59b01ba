import * as z from 'zod'

/** Of one line: systemd's environment files know no other (systemd.exec(5)). */
const value = z.string().regex(/^[^\0\r\n]*$/, 'write it on one line')

/**
 * The gateway as a service that systemd runs on this machine: it starts with the machine, and again when it ends. `pulumi up` has
 * to be run there, as root.
 */
export const systemd = z.strictObject({
  /** The account that it runs as; made without a shell and a home where there is none. */
  user: z
    .string()
    .regex(
      /^[a-z_][a-z0-9_-]{0,30}$/,
      'use the name of a system account: small letters, digits, dashes and underscores',
    )
    .refine((name) => name !== 'root', 'name an account that may do nothing else')
    .default('gatewright'),
  /** Variables for the gateway, such as NODE_EXTRA_CA_CERTS; nothing secret. */
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'use a name of letters, digits and underscores'), value)
    .default({}),
})

export type SystemdSettings = z.output<typeof systemd>
