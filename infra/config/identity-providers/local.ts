import * as z from 'zod'

import { identifier } from '../../../runtime/config.ts'
import { publicOrigin, scopes } from '../fields.ts'
import { anyAuthMethod } from './auth-method.ts'
import { registered } from './common.ts'

/** A provider for trying things out, run by the stack itself. */
export const local = z.strictObject({
  ...registered,
  kind: z.literal('local'),
  /** Where it is reached; it listens on 127.0.0.1 at this port. */
  url: publicOrigin,
  authMethod: anyAuthMethod,
  /** Who may sign in, by user name; their passwords are generated. */
  people: z.record(
    identifier,
    z.strictObject({ name: z.string(), email: z.email(), groups: z.array(z.string()).default([]) }),
  ),
  scopes: scopes.default(['openid', 'profile', 'email', 'groups', 'offline_access']),
})

export type LocalSettings = z.output<typeof local>
