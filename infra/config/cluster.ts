import * as z from 'zod'

import { secret } from './fields.ts'

/** Which Kubernetes cluster; where something is left out, what kubectl would use here. */
export const cluster = z.strictObject({
  /** Name of a context of the kubeconfig. */
  context: z.string().min(1).optional(),
  /** A whole kubeconfig, instead of the file that kubectl reads. */
  kubeconfig: secret.optional(),
})

export type ClusterSettings = z.output<typeof cluster>
