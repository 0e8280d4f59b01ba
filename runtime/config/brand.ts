import * as z from 'zod'

import { identifier, image, lifetimes, origin, safeUrl } from './fields.ts'

/** In place of an identity provider's id: sessions of the gateway's own accounts, signed in by password or passkey. */
export const OWN_ACCOUNTS = 'accounts'

/** What no identity provider may be called: addresses of the login host have these names (`/sign-in/password`, `/logo/brand`). */
export const RESERVED_PROVIDER_IDS: ReadonlySet<string> = new Set([
  OWN_ACCOUNTS,
  'password',
  'passkey',
  'address',
  'break-glass',
  'brand',
])

const color = z.string().regex(/^#[0-9a-f]{6}$/, 'write a colour as #rrggbb in lower case')

/** People, looks and ways to sign in that belong together, at a login host of their own. */
export const brand = z.strictObject({
  name: z.string(),
  /** The brand's login host: its authenticate service. */
  url: origin,
  identityProviders: z.array(identifier),
  /**
   * Who may sign in by a password of the gateway's own: everybody who has one, nobody, or (`break_glass`) only administrators with a
   * passkey beside it, at an address that no page names, with an alert.
   */
  password: z.enum(['on', 'off', 'break_glass']),
  /** People may sign in by a passkey alone. */
  passkeys: z.boolean(),
  /** The sign-in page asks for the address first, and goes on by its domain. */
  identityFirst: z.boolean(),
  /** Where there is one way to sign in, the page is left out. */
  autoRedirect: z.boolean(),
  logo: image.optional(),
  /** Takes the place of the accent colour, in light and in dark. */
  colors: z.strictObject({ light: color, dark: color }).optional(),
  /** Below each page: privacy, terms, imprint. */
  links: z.array(z.strictObject({ label: z.string().min(1), url: safeUrl() })),
  session: lifetimes.optional(),
})

/** How mail is sent; the password is the secret `mail-password`. */
export const mail = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  /** `none` only on this machine. */
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().min(1).optional(),
  /** The address that mail comes from; the brand's name stands in front of it. */
  from: z.email(),
})

/** A person with an account of the gateway's own, made by the stack. */
export const account = z.strictObject({
  brand: identifier,
  email: z.email(),
  name: z.string().min(1),
  /** Of sessions by password or passkey. */
  groups: z.array(z.string()),
})
