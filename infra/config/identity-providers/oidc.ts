import * as z from 'zod'

import { endpoints } from '../../../runtime/config.ts'
import { secret } from '../fields.ts'
import { issuer } from '../issuer.ts'
import { anyAuthMethod } from './auth-method.ts'
import { type BroughtClient, broughtClientOfAnyKind } from './brought-client.ts'
import { privateNetwork, registered } from './common.ts'

/** At Entra's shared addresses each token names its own tenant's issuer, which wants a list of tenants. */
const singleIssuer = issuer.refine(
  (text) => !/^https:\/\/login\.microsoftonline\.[a-z]+\/(?:common|organizations|consumers)(?:\/|$)/.test(text),
  'tokens from there name the issuer of their own tenant: use kind: entra, with tenantId: common and tenants',
)

/** Any provider: with dynamic client registration (RFC 7591), or with a client that somebody made there by hand. */
export const oidc = z
  .strictObject({
    ...registered,
    ...privateNetwork,
    kind: z.literal('oidc'),
    issuer: singleIssuer,
    authMethod: anyAuthMethod,
    /** Registers the client. One of `credentials` and `client` is needed. */
    credentials: z.strictObject({ initialAccessToken: secret }).optional(),
    client: broughtClientOfAnyKind.optional(),
    /** Its addresses, where it has no discovery document; nothing is discovered then. */
    endpoints: endpoints.optional(),
  })
  .superRefine((settings, context) => {
    const report = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message })
    const { client, credentials } = settings
    if ((credentials === undefined) === (client === undefined)) {
      report([], 'say how the client comes to be: either credentials (to register it) or client (one that exists)')
    }
    if (settings.endpoints !== undefined && client === undefined) {
      report(['endpoints'], 'registration is found by discovery: endpoints go with a client that exists (client)')
    }
    if (client !== undefined) {
      for (const { field, message } of mistakesOfClient(client, settings.authMethod)) report(['client', field], message)
    }
  })

export type OidcSettings = z.output<typeof oidc>

/** What a client of each way of authentication has, and what it must not have. */
function mistakesOfClient(client: BroughtClient, authMethod: string): { field: string; message: string }[] {
  const wanted = authMethod === 'private_key_jwt' ? 'privateKey' : authMethod === 'none' ? undefined : 'secret'
  const missing = wanted !== undefined && client[wanted] === undefined ? [wanted] : []
  const allowed = { privateKey: ['privateKey', 'previousPrivateKey'], secret: ['secret', 'previousSecret'] }
  const surplus = [...allowed.privateKey, ...allowed.secret].filter(
    (field) => client[field as keyof BroughtClient] !== undefined && !(wanted && allowed[wanted].includes(field)),
  )
  return [
    ...missing.map((field) => ({ field, message: `is missing: ${authMethod} needs it` })),
    ...surplus.map((field) => ({ field, message: `is of no use with authMethod ${authMethod}: leave it out` })),
  ]
}
