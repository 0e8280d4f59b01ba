import * as pulumi from '@pulumi/pulumi'

import type { OktaSettings } from '../../config/index.ts'
import { OktaServiceKey } from '../../provider/index.ts'
import { clientOptions } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { marked } from '../mark.ts'
import { ADMIN_NOTE, DIRECTORY_ROLE, DIRECTORY_SCOPES, directoryInputs, orgUrl } from './inputs.ts'
import { findApp, type Tenant } from './lookups.ts'

/** What a directory credential is made with. */
export interface DirectoryMaking {
  tenant: Tenant
  /** Name of the service app: one of its kind in the organisation. */
  label: string
  settings: OktaSettings
  parent: pulumi.Resource
  options: pulumi.CustomResourceOptions
}

/**
 * The credential with which users and groups are read, where the stack file asks for one: the token that somebody made by
 * hand, or a service app with as many keys as the client has secrets, so that both rotate together.
 * @returns a secret output
 */
export function createDirectory(making: DirectoryMaking): pulumi.Output<DirectoryCredential> | undefined {
  const { directory, domain } = making.settings
  if (directory === false) return undefined
  if (directory === true) return createServiceApp(making)
  const url = orgUrl(domain)
  return pulumi.secret(
    directory.apiToken.apply((apiToken): DirectoryCredential => ({ kind: 'okta-token', url, apiToken })),
  )
}

function createServiceApp(making: DirectoryMaking): pulumi.Output<DirectoryCredential> {
  const { tenant, label, settings, parent, options } = making
  const { sdk } = tenant
  const key = `${tenant.id}-directory`
  const url = orgUrl(settings.domain)
  const keys = settings.clientSecrets.map((name) => new OktaServiceKey(`${key}-${name}`, { parent }))
  const [firstKey] = keys
  // The schema asks for a name at least.
  if (!firstKey) throw new Error(`${key} has no key`)
  const app = new sdk.app.OAuth(
    key,
    // A new key is put behind those that are there, as Okta lists them.
    {
      ...directoryInputs(label),
      adminNote: marked(ADMIN_NOTE, key, parent),
      jwks: keys.map(({ publicKey }) => publicKey).toReversed(),
    },
    {
      ...options,
      ...clientOptions({ removal: 'allowed' }, parent, (inputs) => findApp(tenant, label, inputs['adminNote'])),
    },
  )
  const granted = new sdk.AppOauthApiScope(
    `${key}-scopes`,
    { appId: app.id, issuer: url, scopes: DIRECTORY_SCOPES },
    { ...options, deletedWith: app },
  )
  const role = new sdk.app.OauthRoleAssignment(
    `${key}-role`,
    { clientId: app.clientId, type: DIRECTORY_ROLE },
    { ...options, dependsOn: granted, deletedWith: app },
  )
  // Of no use before it may do something, hence the role's id.
  const parts = pulumi.all([app.clientId, firstKey.privateJwk, role.id])
  return pulumi.secret(
    parts.apply(([clientId, privateJwk]): DirectoryCredential => {
      return { kind: 'okta', url, clientId, privateJwk, scopes: DIRECTORY_SCOPES }
    }),
  )
}
