import * as z from 'zod'

import { identifier } from '../../runtime/config.ts'

/** A person whose account the stack makes: somebody who may come in before anybody else has signed in. */
export const account = z.strictObject({
  /** Left out where there is one brand. */
  brand: identifier.optional(),
  /** A brand has one account for an address. */
  email: z.email(),
  /** The person’s own name. */
  name: z.string().min(1).max(256),
  /** What rules read as `user.groups` when the person signs in by password or passkey. */
  groups: z.array(z.string().min(1).max(256)).default([]),
})

export type AccountSettings = z.output<typeof account>
