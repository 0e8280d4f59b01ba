import * as z from 'zod'

import { identifier, isSafe } from '../../runtime/config.ts'
import { contrast } from '../../runtime/contrast.ts'
import { file, publicOrigin, sessionOverrides } from './fields.ts'

/** What lies behind an accent colour: the card of a page, in light and in dark. */
const CARDS = { light: '#ffffff', dark: '#171a20' } as const
/** For text of any size (WCAG 2.2, success criterion 1.4.3, level AA). */
const READABLE = 4.5

/** An accent colour that can be read on the card of a page. */
function accent(look: keyof typeof CARDS) {
  return z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'write a colour as #rrggbb, in quotes: YAML takes # for a comment')
    .transform((text) => text.toLowerCase())
    .superRefine((color, context) => {
      const ratio = contrast(color, CARDS[look])
      if (ratio >= READABLE) return
      // Cut and not rounded: 4.496 is not the 4.5 that is asked for.
      const shown = (Math.floor(ratio * 100) / 100).toFixed(2)
      const wanted = look === 'light' ? 'a darker one' : 'a lighter one'
      const message = `its contrast on ${CARDS[look]}, the card of a page in ${look}, is ${shown}:1; people need at least ${READABLE}:1: take ${wanted}`
      context.addIssue({ code: 'custom', message })
    })
}

/** A link below each page. */
const link = z.strictObject({
  /** What stands on it. */
  label: z.string().min(1).max(60),
  /** Where it leads; https outside this machine. */
  url: z
    .url({ protocol: /^https?$/ })
    .refine(isSafe, 'use https; plain http is only for hosts on this machine (localhost and *.localhost)'),
})

/** A login host with a look and ways to sign in of its own; every route belongs to one. */
export const brand = z.strictObject({
  /** The brand's login host. Left out only by the one that takes the stack's. */
  url: publicOrigin.optional(),
  /** Shown on the pages. Left out only by the one that takes the stack's. */
  name: z.string().min(1).optional(),
  /** Offered on its sign-in page; all of the stack where it is left out. */
  identityProviders: z
    .array(identifier)
    .refine((names) => new Set(names).size === names.length, 'a name is there twice')
    .optional(),
  /** Who may sign in by a password of the gateway's own. */
  password: z.enum(['on', 'off', 'break_glass']).default('off'),
  /** Whether people may sign in by a passkey alone; as `password` says where it is left out. */
  passkeys: z.boolean().optional(),
  /** The sign-in page asks for the address first, and goes on by its domain. */
  identityFirst: z.boolean().default(false),
  /** Where there is one way to sign in, the page is left out. */
  autoRedirect: z.boolean().default(true),
  logo: file.optional(),
  /** Takes the place of the accent colour. */
  colors: z.strictObject({ light: accent('light'), dark: accent('dark') }).optional(),
  /** Below each page: privacy, terms, imprint. */
  links: z.array(link).max(8).default([]),
  /** Of sessions that begin there; the shortest of all that say so counts. */
  session: sessionOverrides.optional(),
})

/** A brand as the stack file has it. */
export type BrandInput = z.output<typeof brand>

/** A brand with everything that was left out. */
export interface Brand extends BrandInput {
  url: string
  name: string
  identityProviders: string[]
  passkeys: boolean
}
