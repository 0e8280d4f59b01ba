import { createRequire } from 'node:module'

import type * as okta from '@pulumi/okta'
import * as pulumi from '@pulumi/pulumi'

import type { OktaSettings } from '../../config/index.ts'
import { OktaClientSecret, SecretKey } from '../../provider/index.ts'
import { accessGroupsOf } from '../access-groups.ts'
import { clientOptions, clientSettings } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import type {
  ClientCredential,
  ClientRegistration,
  ClientRequest,
  IdentityProvider,
  ProviderContext,
} from '../identity-provider.ts'
import { marked } from '../mark.ts'
import { createDirectory } from './directory.ts'
import { ADMIN_NOTE, assignmentInputs, clientInputs, orgUrl, providerInputs } from './inputs.ts'
import { findApp, findGroups, type Tenant } from './lookups.ts'

/**
 * An Okta organisation, with its own authorization server: it issues ID tokens with groups in every edition, while a
 * custom one costs extra, and claims made there are shared by all who use it.
 * @see https://developer.okta.com/docs/concepts/auth-servers/
 */
export class Okta extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly settings: OktaSettings
  private readonly tenant: Tenant
  private readonly options: pulumi.CustomResourceOptions

  constructor({ id, displayName, parent }: ProviderContext, settings: OktaSettings) {
    super('gatewright:identityProvider:Okta', id, {}, { parent })
    const sdk = loadSdk()
    const provider = new sdk.Provider(id, providerInputs(settings), { parent: this })
    this.settings = settings
    this.issuer = orgUrl(settings.domain)
    this.options = { parent: this, provider }
    this.tenant = { id, sdk, options: { parent: this, provider } }
    this.directory = createDirectory({
      tenant: this.tenant,
      label: `${displayName} directory`,
      settings,
      parent: this,
      options: this.options,
    })
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const { settings, tenant, options } = this
    const key = `${tenant.id}-${request.relyingParty}`
    const adminNote = marked(ADMIN_NOTE, key, this)
    const app = new tenant.sdk.app.OAuth(
      key,
      { ...clientInputs(settings, request), adminNote },
      {
        ...options,
        ...clientOptions(clientSettings(settings, request), this, (inputs) =>
          findApp(tenant, request.clientName, inputs['adminNote']),
        ),
      },
    )
    const wanted = accessGroupsOf(tenant.id, settings.allowedGroups, request)
    const groups = pulumi.output(findGroups(tenant, wanted)).apply(assignmentInputs)
    new tenant.sdk.AppGroupAssignments(`${key}-groups`, { appId: app.id, groups }, { ...options, deletedWith: app })
    const strangers = request.import === undefined ? 'remove' : 'keep'
    return {
      credentials: settings.clientSecrets.map((name) => this.credential(`${key}-${name}`, name, app, strangers)),
    }
  }

  private credential(
    logicalName: string,
    name: string,
    app: okta.app.OAuth,
    strangers: 'remove' | 'keep',
  ): ClientCredential {
    const { settings } = this
    const key = new SecretKey(logicalName, { bytes: 32 }, { parent: this })
    const secret = new OktaClientSecret(
      logicalName,
      {
        orgUrl: this.issuer,
        apiToken: settings.credentials.apiToken,
        appId: app.id,
        secret: key.value,
        strangers,
      },
      { parent: this, deletedWith: app },
    )
    return { name, clientId: app.clientId, clientSecret: secret.value }
  }
}

/** Loaded when it is needed: an import of the package evaluates all of its classes, in every preview of every stack. */
function loadSdk(): typeof okta {
  return createRequire(import.meta.url)('@pulumi/okta') as typeof okta
}
