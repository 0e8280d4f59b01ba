import * as z from 'zod'

import { app } from './app.ts'
import { pangolin } from './pangolin.ts'
import { pomerium } from './pomerium.ts'

export { type AppName, APP_NAMES, type AppSettings } from './app.ts'
export type { KubernetesSecretSettings } from './common.ts'
export type { PangolinSettings } from './pangolin.ts'
export type { PomeriumSettings } from './pomerium.ts'

/** Somebody else's software that signs people in at one of the stack's identity providers. */
export const relyingParty = z.discriminatedUnion('kind', [app, pangolin, pomerium])

export type RelyingPartySettings = z.output<typeof relyingParty>
