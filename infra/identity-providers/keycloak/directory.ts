import type * as keycloak from '@pulumi/keycloak'
import * as pulumi from '@pulumi/pulumi'

import type { KeycloakSettings } from '../../config/index.ts'
import { SecretKey } from '../../provider/index.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { marked } from '../mark.ts'
import { known } from './admin.ts'
import {
  DESCRIPTION,
  DIRECTORY_ROLE,
  clientIdOf,
  directoryClientInputs,
  managementClientId,
  serverUrl,
} from './inputs.ts'
import { beforeCreate, clearClient } from './leftovers.ts'
import type { KeycloakSdk } from './sdk.ts'

/** Where a directory's client is made. */
export interface DirectoryPlace {
  sdk: KeycloakSdk
  provider: keycloak.Provider
  parent: pulumi.Resource
  /** Key of the identity provider in the stack file. */
  id: string
  /** What things of the stack are called in the realm. */
  displayName: string
  settings: KeycloakSettings
}

/**
 * Makes a client that reads users and groups. A client has one secret, so a new secret is a new client: the engine makes
 * it before it removes the former one, and both work in between.
 * @param secretName in `clientSecrets` of the stack file
 */
export function makeDirectory(place: DirectoryPlace, secretName: string): pulumi.Output<DirectoryCredential> {
  const { sdk, provider, parent, id, settings } = place
  const { realm } = settings
  const key = `${id}-directory-${secretName}`
  const name = `${place.displayName} directory (${secretName})`
  const { value } = new SecretKey(key, { bytes: 32 }, { parent })
  const description = marked(DESCRIPTION, key, parent)
  const hooks = beforeCreate(async () => clearClient(id, settings, clientIdOf(name), await known(description)))
  const inputs = { ...directoryClientInputs(realm, name), description, clientSecret: value }
  const client = new sdk.openid.Client(key, inputs, { provider, parent, hooks })
  const management = sdk.openid.getClientOutput(
    { realmId: realm, clientId: managementClientId(realm) },
    { provider, parent },
  )
  const role = new sdk.openid.ClientServiceAccountRole(
    key,
    {
      realmId: realm,
      serviceAccountUserId: client.serviceAccountUserId,
      // Its answer has a secret in it, which its id is not.
      clientId: pulumi.unsecret(management.id),
      role: DIRECTORY_ROLE,
    },
    // The service account goes with its client.
    { provider, parent, deletedWith: client },
  )
  return pulumi.secret(
    // Nobody gets it before it can be used.
    pulumi.all([client.clientId, value, role.urn]).apply(([clientId, clientSecret]) => ({
      kind: 'keycloak' as const,
      url: serverUrl(settings),
      realm,
      clientId,
      clientSecret,
    })),
  )
}
