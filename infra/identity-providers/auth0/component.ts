import type * as auth0 from '@pulumi/auth0'
import * as pulumi from '@pulumi/pulumi'

import type { Auth0Settings } from '../../config/index.ts'
import { SecretKey } from '../../provider/index.ts'
import { type AccessGroups, accessGroupsOf } from '../access-groups.ts'
import { clientOptions, clientSettings, type FindOwn } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { marked } from '../mark.ts'
import { makeDirectory } from './directory.ts'
import { actionInputs, actionName, clientInputs, DESCRIPTION, POST_LOGIN } from './inputs.ts'
import { GROUPS_CLAIM, postLoginCode } from './post-login.ts'
import { type Auth0Sdk, loadSdk } from './sdk.ts'
import { askTenant, type Tenant } from './tenant.ts'

/**
 * A tenant of Auth0. Its applications have one secret at a time, which we choose; groups are its roles, which only an
 * Action can put into a sign-in or deny one for.
 * @see https://auth0.com/docs/api/management/v2
 */
export class Auth0 extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly groupsClaim = GROUPS_CLAIM
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly key: string
  private readonly settings: Auth0Settings
  private readonly sdk: Auth0Sdk
  private readonly provider: auth0.Provider
  private readonly tenant: Tenant

  constructor({ id, displayName, parent }: ProviderContext, settings: Auth0Settings) {
    super('gatewright:identityProvider:Auth0', id, {}, { parent })
    const { domain, credentials } = settings
    this.key = id
    this.settings = settings
    this.sdk = loadSdk()
    this.provider = new this.sdk.Provider(id, { domain, ...credentials }, { parent: this })
    this.tenant = askTenant(this.sdk, this.provider, id)
    // With the slash: it is a part of the issuer that Auth0 puts into its tokens.
    this.issuer = `https://${domain}/`
    if (settings.directory) {
      const { sdk, provider, tenant } = this
      const place = { sdk, provider, tenant, parent: this, id, displayName, domain }
      this.directory = makeDirectory(place, settings.clientSecrets[0] ?? '')
    }
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const name = `${this.key}-${request.relyingParty}`
    const description = marked(DESCRIPTION, name, this)
    const find: FindOwn = (inputs) => this.tenant.findClient(request.clientName, inputs['description'])
    const options = { ...clientOptions(clientSettings(this.settings, request), this, find), provider: this.provider }
    const client = new this.sdk.Client(name, { ...clientInputs(this.settings, request), description }, options)
    const keys = this.settings.clientSecrets.map((secret) => ({
      name: secret,
      value: new SecretKey(`${name}-${secret}`, { bytes: 32 }, { parent: this }).value,
    }))
    const credentials = new this.sdk.ClientCredentials(
      name,
      {
        clientId: client.clientId,
        authenticationMethod: request.authMethod ?? this.settings.authMethod,
        ...(keys[0] ? { clientSecret: keys[0].value } : {}),
      },
      // Its removal changes the client, which may be meant to stay as it is.
      { provider: this.provider, parent: this, retainOnDelete: this.settings.removal === 'retained' },
    )
    const allowed = accessGroupsOf(this.key, this.settings.allowedGroups, request)
    const binding =
      this.settings.groupsClaim || allowed.names.length > 0
        ? this.runAtSignIn(name, { clientName: request.clientName, allowed }, client, description)
        : undefined
    // Whoever uses a secret waits until Auth0 has it, and until nobody gets in who is not meant to.
    const afterwards = (value: pulumi.Output<string>): pulumi.Output<string> =>
      pulumi.secret(pulumi.all([value, credentials.urn, binding?.urn]).apply(([secret]) => secret))
    return {
      credentials: keys.map(({ name: secret, value }) => ({
        name: secret,
        clientId: client.clientId,
        clientSecret: afterwards(value),
      })),
    }
  }

  private runAtSignIn(
    key: string,
    { clientName, allowed }: { clientName: string; allowed: AccessGroups },
    client: auth0.Client,
    description: pulumi.Output<string>,
  ): pulumi.Resource {
    const { sdk, provider, tenant, settings } = this
    const roles = tenant.requireRoles(allowed)
    const claim = settings.groupsClaim ? { groupsClaim: GROUPS_CLAIM } : {}
    const code = pulumi
      .all([client.clientId, roles])
      .apply(([clientId, allowedRoles]) => postLoginCode({ clientId, allowedRoles, ...claim }))
    const name = description.apply((text) => actionName(clientName, text))
    const options = clientOptions({ removal: 'allowed' }, this, (inputs) => tenant.findAction(inputs['name']))
    const action = new sdk.Action(key, actionInputs(name, code), { ...options, provider })
    const binding = { trigger: POST_LOGIN, actionId: action.id, displayName: name }
    return new sdk.TriggerAction(key, binding, { provider, parent: this })
  }
}
