import * as pulumi from '@pulumi/pulumi'

import type { PangolinSettings } from '../../config/index.ts'
import type { ClientRequest } from '../../identity-providers/index.ts'
import {
  type PangolinAdministration,
  PangolinCredentials,
  PangolinIdentityProvider,
  PangolinOrganizationPolicy,
  SecretKey,
} from '../../provider/index.ts'
import type { RegisteredClient, RelyingParty, RelyingPartyContext } from '../relying-party.ts'
import { clientInputs, mappings, policyName } from './inputs.ts'

/** Of what tells this stack's identity provider at Pangolin from every other one, in random bytes. */
const MARK_LENGTH = 24

/**
 * A Pangolin that runs already. Its callback has a number in it that it gives when an identity provider is made there, and
 * that wants a client: so it is made with none, the client is registered with the callback, and Pangolin is given the client.
 */
export class Pangolin extends pulumi.ComponentResource implements RelyingParty {
  private readonly key: string
  private readonly clientName: string
  private readonly settings: PangolinSettings
  private readonly administration: PangolinAdministration
  private readonly mark: pulumi.Output<string>
  private readonly identityProvider: PangolinIdentityProvider

  constructor({ id, clientName, parent }: RelyingPartyContext, settings: PangolinSettings) {
    super('gatewright:relyingParty:Pangolin', id, {}, { parent })
    const { api, credentials, url, autoProvision, removal, name = settings.identityProvider } = settings
    this.key = id
    this.clientName = clientName
    this.settings = settings
    this.administration = { api, apiKey: pulumi.secret(credentials.apiKey) }
    const { value } = new SecretKey(`${id}.mark`, { bytes: MARK_LENGTH }, { parent: this })
    this.mark = pulumi.unsecret(value)
    this.identityProvider = new PangolinIdentityProvider(
      id,
      { ...this.administration, url, name, autoProvision, mark: this.mark },
      { parent: this, ...(removal === 'protected' && { protect: true }), retainOnDelete: removal === 'retained' },
    )
    this.registerOutputs({ url })
  }

  request(): ClientRequest {
    const { url, allowedGroups, authMethod = 'client_secret_basic' } = this.settings
    return {
      relyingParty: this.key,
      clientName: this.clientName,
      redirectUris: this.identityProvider.callbackUrl.apply((callback) => [callback]),
      postLogoutRedirectUris: [],
      homeUrl: url,
      pkce: true,
      authMethod,
      allowedGroups,
      import: this.settings.import,
      client: this.settings.client,
    }
  }

  complete({ provider, settings, credential }: RegisteredClient): undefined {
    const { idpId } = this.identityProvider
    const { organizations, removal } = this.settings
    const policies = Object.entries(organizations).map(
      ([organization, policy]) =>
        new PangolinOrganizationPolicy(
          policyName(this.key, organization),
          { ...this.administration, idpId, mark: this.mark, organization, ...mappings(policy) },
          { parent: this, retainOnDelete: removal === 'retained' },
        ),
    )
    new PangolinCredentials(
      this.key,
      {
        ...this.administration,
        idpId,
        mark: this.mark,
        // Pangolin asks nobody whose token it is: at an address for people of several tenants everybody could come in.
        issuer: provider.homeIssuer ?? provider.issuer,
        clientId: credential.clientId,
        clientSecret: credential.clientSecret,
        ...clientInputs(this.settings, settings),
      },
      // Whoever signs in first finds the organizations open.
      { parent: this, dependsOn: policies },
    )
  }
}
