import * as z from 'zod'

import { inTheOpen, publicOrigin, secret } from '../fields.ts'
import { issuer } from '../issuer.ts'
import { attributes } from './attributes.ts'
import { secretAuthMethod } from './auth-method.ts'
import { broughtClient } from './brought-client.ts'
import { common } from './common.ts'
import { serviceAccountKeyMistake } from './service-account-key.ts'

/** A secret that is a service account's key, which is looked at wherever it stands in the open. */
const serviceAccountKey = z
  .custom<z.input<typeof secret>>()
  .superRefine((value, context) => {
    const text = inTheOpen(value)
    const mistake = text === undefined ? undefined : serviceAccountKeyMistake(text)
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake })
  })
  .pipe(secret)

/**
 * Google has no API that makes sign-in clients: one is made by hand in its console.
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export const google = z.strictObject({
  ...common,
  kind: z.literal('google'),
  issuer: issuer.default('https://accounts.google.com'),
  client: broughtClient,
  authMethod: secretAuthMethod('Google’s sign-in clients have secrets alone'),
  /** Google refuses a sign-in that names a scope which it does not have. */
  scopes: common.scopes.refine(
    (scopes) => !scopes.includes('offline_access') && !scopes.includes('groups'),
    'Google has neither offline_access nor groups, and refuses a sign-in that names them: leave them out',
  ),
  /** Google knows people by their address; `hd` is the domain of a company's account. */
  attributes: attributes({ username: 'email', company: 'hd' }),
  /**
   * A service account with domain-wide delegation, and an administrator in whose name it reads.
   * @see https://developers.google.com/workspace/admin/directory/v1/guides/delegation
   */
  directory: z
    .strictObject({
      serviceAccountKey,
      impersonate: z.email(),
      apiUrl: publicOrigin.default('https://admin.googleapis.com'),
    })
    .optional(),
})

export type GoogleSettings = z.output<typeof google>
