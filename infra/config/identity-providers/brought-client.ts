import { z } from 'zod'

import { secret } from '../fields.ts'

/** A client that somebody made by hand in the vendor's console. */
export const broughtClient = z.strictObject({
  id: z.string().min(1),
  secret,
  /** While one secret takes over from the other: the former one, so that sign-ins under way still succeed. */
  previousSecret: secret.optional(),
})

export type BroughtClient = z.output<typeof broughtClient>
