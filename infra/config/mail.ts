import * as z from 'zod'

import { listener, publicOrigin, secret } from './fields.ts'

/** Where messages are handed in, by kind of protection (RFC 8314 §3, RFC 6409 §3.1). */
export const MAIL_PORTS = { tls: 465, starttls: 587, none: 25 } as const

const host = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i, 'write the name of the server alone')

const smtp = z.strictObject({
  kind: z.literal('smtp'),
  /** The server. */
  host,
  /** As `security` has it where it is left out. */
  port: z.int().min(1).max(65_535).optional(),
  /** `starttls` ends where the server does not offer it; `none` is for this machine alone. */
  security: z.enum(['tls', 'starttls', 'none']).default('tls'),
  /** With `password`, where the server asks who hands mail in. */
  user: z.string().min(1).optional(),
  password: secret.optional(),
  /** The address that mail comes from. */
  from: z.email('write an address alone, like login@acme.com; the brand’s name is put in front of it'),
})

/** A mail server of the stack's own for trying things out, which shows what it gets on a page and sends nothing on. */
const local = z.strictObject({
  kind: z.literal('local'),
  /** Its page; it listens on 127.0.0.1 at this port. */
  url: publicOrigin.default('http://mail.gw.localhost:8404'),
  /** Where the gateway hands messages in. */
  smtp: listener.prefault('127.0.0.1:8405'),
  /** The address that mail comes from. */
  from: z.email().default('login@gw.example'),
})

/** How the gateway sends mail: verification, invitations, new passwords, notices. */
export const mail = z.discriminatedUnion('kind', [smtp, local])

export type MailSettings = z.output<typeof mail>
