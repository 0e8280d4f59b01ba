import type * as auth0 from '@pulumi/auth0'
import * as pulumi from '@pulumi/pulumi'

import { SecretKey } from '../../provider/index.ts'
import { clientOptions } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { marked } from '../mark.ts'
import { DESCRIPTION, directoryClientInputs, directoryGrantInputs, managementAudience } from './inputs.ts'
import type { Auth0Sdk } from './sdk.ts'
import type { Tenant } from './tenant.ts'

/** Where a directory's application is made, and for whom. */
export interface DirectoryPlace {
  sdk: Auth0Sdk
  provider: auth0.Provider
  tenant: Tenant
  parent: pulumi.Resource
  /** Key of the identity provider in the stack file. */
  id: string
  /** What the application is called in the dashboard, apart from the name of its secret. */
  displayName: string
  domain: string
}

/**
 * Makes an application that reads users and roles. An application has one secret, so a new secret is a new application:
 * the engine makes it before it removes the former one, and both work in between.
 * @param secretName in `clientSecrets` of the stack file
 */
export function makeDirectory(place: DirectoryPlace, secretName: string): pulumi.Output<DirectoryCredential> {
  const { sdk, provider, tenant, parent, domain } = place
  const key = `${place.id}-directory-${secretName}`
  const name = `${place.displayName} directory (${secretName})`
  const options = { provider, parent }
  const found = clientOptions({ removal: 'allowed' }, parent, (inputs) =>
    tenant.findClient(name, inputs['description']),
  )
  const client = new sdk.Client(
    key,
    { ...directoryClientInputs(name), description: marked(DESCRIPTION, key, parent) },
    { ...found, provider },
  )
  const { value } = new SecretKey(key, { bytes: 32 }, { parent })
  const method = { clientId: client.clientId, authenticationMethod: 'client_secret_post', clientSecret: value }
  const credentials = new sdk.ClientCredentials(key, method, options)
  const grant = new sdk.ClientGrant(key, directoryGrantInputs(domain, client.clientId), options)
  return pulumi.secret(
    // Nobody gets it before it can be used.
    pulumi.all([client.clientId, value, credentials.urn, grant.urn]).apply(([clientId, clientSecret]) => ({
      kind: 'auth0' as const,
      url: `https://${domain}`,
      audience: managementAudience(domain),
      clientId,
      clientSecret,
    })),
  )
}
