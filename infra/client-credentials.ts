import * as pulumi from '@pulumi/pulumi'

import { ageInDays } from './age.ts'
import type { IdentityProviderSettings } from './config/index.ts'
import {
  type ClientCredential,
  type ClientRequest,
  ofRedirectUris,
  SECRETS_AT_ONCE,
} from './identity-providers/index.ts'
import { CredentialProof } from './provider/index.ts'
import { GATEWAY } from './relying-parties/index.ts'

/** A secret that somebody has pasted has been there for long: where it is refused, it is a wrong one. */
const PASTED = { create: '20s', update: '20s' }

/** A client whose credentials are to be proven. */
export interface Proving {
  identityProvider: string
  settings: IdentityProviderSettings
  /** Where the client is at home. */
  issuer: string
  /** What the client was registered for. */
  request: ClientRequest
}

/**
 * Has each credential that is to be good by now accepted by the provider, before anything is deployed with it: a vendor's
 * replicas may take minutes to learn of a new secret. Says so when one has become older than the stack file allows.
 * @returns the same credentials; where they were proven, their secret is there only after that
 */
export function proveCredentials(
  { identityProvider, settings, issuer, request }: Proving,
  credentials: readonly ClientCredential[],
  parent: pulumi.Resource,
): ClientCredential[] {
  const { relyingParty, authMethod = settings.authMethod } = request
  const isBrought =
    request.client !== undefined ||
    settings.kind === 'google' ||
    (settings.kind === 'oidc' && settings.client !== undefined)
  const good = isBrought ? 1 : SECRETS_AT_ONCE[settings.kind]
  const redirectUri = ofRedirectUris(request.redirectUris, ([first = '']) => first)
  const tokenEndpoint = settings.kind === 'oidc' ? settings.endpoints?.token : undefined
  return credentials.map((credential, index) => {
    const { name, clientId, clientSecret } = credential
    if (index >= good || clientSecret === undefined || authMethod === 'none') return credential
    const proof = new CredentialProof(
      `${identityProvider}-${relyingParty}-${name}-proof`,
      { issuer, clientId, clientSecret, authMethod, redirectUri, ...(tokenEndpoint && { tokenEndpoint }) },
      { parent, ...(isBrought && { customTimeouts: PASTED }) },
    )
    if ('clientSecretMaxAgeDays' in settings) {
      warnWhenDue(
        `${identityProvider}'s client secret "${name}"${relyingParty === GATEWAY ? '' : ` for ${relyingParty}`}`,
        settings.clientSecretMaxAgeDays,
        proof.provenAt,
        parent,
      )
    }
    return { name, clientId, clientSecret: proof.clientSecret }
  })
}

function warnWhenDue(
  what: string,
  maxAgeDays: number,
  provenAt: pulumi.Output<string | undefined>,
  resource: pulumi.Resource,
): void {
  provenAt.apply(async (since) => {
    // Not known while the proof itself is only previewed.
    if (since === undefined) return
    const days = ageInDays(since, Date.now())
    if (days <= maxAgeDays) return
    const text = `${what} is ${days} days old, and is to be at most ${maxAgeDays}: npm run rotate`
    await pulumi.log.warn(text, resource)
  })
}
