import * as z from 'zod'

import { commonParty, kubernetesSecret } from './common.ts'

/**
 * A Pomerium that runs already; `url` is that of its authenticate service.
 * @see https://www.pomerium.com/docs/reference/service-urls#authenticate-service-url
 */
export const pomerium = z.strictObject({
  ...commonParty,
  kind: z.literal('pomerium'),
  /** Hands over with what it can read users and groups, from the provider's own `directory`. */
  directory: z.boolean().default(false),
  /** Where Pomerium's Kubernetes ingress controller finds its identity provider's settings. */
  secret: kubernetesSecret.optional(),
})

export type PomeriumSettings = z.output<typeof pomerium>
