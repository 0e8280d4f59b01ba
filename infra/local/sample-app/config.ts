import * as z from 'zod'

import { origin } from '../../../runtime/config.ts'
import { loopbackAddress } from '../program/index.ts'

/** `config.json` of the sample app. It has no secrets: what it needs to trust the gateway is public. */
export const sampleAppConfigSchema = z.strictObject({
  listen: loopbackAddress,
  /** The login host that signs assertions: their `iss`, and where its keys are. */
  loginUrl: origin,
  /** The route's origin: the `aud` of assertions that are meant for this app. */
  audience: origin,
  /** Stands on every page. */
  title: z.string().min(1).default('Hello'),
})

export type SampleAppConfig = z.infer<typeof sampleAppConfigSchema>
