import { z } from 'zod'

import { issuerIdentifier } from '../../../runtime/config.ts'
import { secret } from '../fields.ts'
import { broughtClient } from './brought-client.ts'
import { registered } from './common.ts'

/** Any provider: with dynamic client registration (RFC 7591), or with a client that somebody made there by hand. */
export const oidc = z
  .strictObject({
    ...registered,
    kind: z.literal('oidc'),
    issuer: issuerIdentifier,
    /** Registers the client. One of `credentials` and `client` is needed. */
    credentials: z.strictObject({ initialAccessToken: secret }).optional(),
    client: broughtClient.optional(),
  })
  .refine(
    ({ credentials, client }) => (credentials === undefined) !== (client === undefined),
    'say how the client comes to be: either credentials (to register it) or client (one that exists)',
  )

export type OidcSettings = z.output<typeof oidc>
