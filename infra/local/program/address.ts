import * as z from 'zod'

import { isLoopbackHost } from '../../../runtime/net/index.ts'

/** Where a program of the local stack listens. It speaks plain HTTP, so that only this machine may reach it. */
export const loopbackAddress = z.strictObject({
  host: z.string().refine(isLoopbackHost, 'must be an address of this machine, like 127.0.0.1'),
  port: z.int().min(1).max(65_535),
})

export type LoopbackAddress = z.infer<typeof loopbackAddress>
