import * as pulumi from '@pulumi/pulumi'

import type { AppSettings, IdentityProviderSettings } from '../../config/index.ts'
import type { ClientRequest } from '../../identity-providers/index.ts'
import { OidcEndpoints } from '../../provider/index.ts'
import { makeSecret } from '../kubernetes-secret.ts'
import type { RegisteredClient, RelyingParty, RelyingPartyContext } from '../relying-party.ts'
import type { AppClient, AppEndpoints, AppProfile } from './profile.ts'
import { PROFILES } from './profiles/index.ts'

const NO_ENDPOINTS: AppEndpoints = { authorization: '', token: '', userinfo: '', endSession: '' }

/** Any app that signs people in itself: what it is to be told goes into a Secret in its namespace, or comes out of the stack. */
export class App extends pulumi.ComponentResource implements RelyingParty {
  private readonly settings: AppSettings
  private readonly context: RelyingPartyContext
  private readonly profile: AppProfile

  constructor(context: RelyingPartyContext, settings: AppSettings) {
    super('gatewright:relyingParty:App', context.id, {}, { parent: context.parent })
    this.settings = settings
    this.context = context
    this.profile = PROFILES[settings.app]
    this.registerOutputs({ app: settings.app, url: settings.url })
  }

  request(): ClientRequest {
    return clientRequest(this.context, this.settings)
  }

  complete(registered: RegisteredClient): pulumi.Output<object> {
    const { secret } = this.settings
    const { beside = () => ({}), values, labels } = this.profile
    // Apart from the secret, so that what is none can be read in a preview.
    const described = this.describe(registered)
    const rest = described.apply((client) => beside(client, secret?.name))
    const told = pulumi
      .all([described, registered.credential.clientSecret])
      .apply(([client, clientSecret]) => values({ ...client, clientSecret }))
    if (secret === undefined)
      return pulumi.secret(pulumi.all([rest, told]).apply(([some, more]) => ({ ...some, ...more })))
    const { id, cluster } = this.context
    makeSecret(id, cluster(), secret, { values: told, ...(labels && { labels }) }, this)
    return rest.apply((some) => ({ kubernetesSecret: `${secret.namespace}/${secret.name}`, ...some }))
  }

  private describe({
    provider,
    settings,
    credential,
  }: RegisteredClient): pulumi.Output<Omit<AppClient, 'clientSecret'>> {
    const { url, identityProvider } = this.settings
    const { scopes, name = identityProvider } = settings
    // Apps know nothing of a list of tenants: at an address for people of several everybody could come in.
    const issuer = provider.homeIssuer ?? provider.issuer
    const { groupsClaim = 'groups' } = provider
    const { clientId } = credential
    const endpoints = this.profile.needsEndpoints ? this.endpoints(issuer, settings, clientId) : NO_ENDPOINTS
    const place = { url, source: identityProvider, displayName: name, issuer, scopes, groupsClaim }
    return pulumi.output({ ...place, clientId, endpoints })
  }

  private endpoints(
    issuer: string,
    settings: IdentityProviderSettings,
    clientId: pulumi.Output<string>,
  ): pulumi.Input<AppEndpoints> {
    if (settings.kind === 'oidc' && settings.endpoints) {
      const { authorization, token, userinfo = '', endSession = '' } = settings.endpoints
      return { authorization, token, userinfo, endSession }
    }
    const { authorization, token, userinfo, endSession } = new OidcEndpoints(
      `${this.context.id}-endpoints`,
      // Asked once the client is there: a provider that the stack itself starts runs by then.
      { issuer: clientId.apply(() => issuer) },
      { parent: this },
    )
    return pulumi.output({ authorization, token, userinfo, endSession })
  }
}

/** What an app asks for: as its profile says, and the stack file where that knows better. */
export function clientRequest(
  { id, clientName }: Pick<RelyingPartyContext, 'id' | 'clientName'>,
  settings: AppSettings,
): ClientRequest {
  const profile = PROFILES[settings.app]
  const { url, identityProvider, allowedGroups, import: taken, client } = settings
  return {
    relyingParty: id,
    clientName,
    redirectUris: settings.redirectUris ?? profile.callbacks(url, identityProvider),
    postLogoutRedirectUris: settings.postLogoutRedirectUris ?? profile.postLogout(url),
    homeUrl: url,
    pkce: settings.pkce ?? profile.pkce,
    authMethod: settings.authMethod ?? profile.authMethod,
    allowedGroups,
    import: taken,
    client,
  }
}
