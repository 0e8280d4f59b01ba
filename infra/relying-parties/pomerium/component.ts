import * as pulumi from '@pulumi/pulumi'

import type { PomeriumSettings } from '../../config/index.ts'
import {
  type ClientRequest,
  type DirectoryCredential,
  type IdentityProvider,
  pomeriumServiceAccount,
} from '../../identity-providers/index.ts'
import { makeSecret } from '../kubernetes-secret.ts'
import type { RegisteredClient, RelyingParty, RelyingPartyContext } from '../relying-party.ts'
import {
  callbackUrl,
  clusterSpec,
  configFile,
  environment,
  pomeriumProvider,
  secretValues,
  signedOutUrl,
} from './settings.ts'

/**
 * A Pomerium that runs already: what it is to be told comes out as environment variables and as a part of its configuration
 * file, or goes into a Secret for its ingress controller.
 * @see https://www.pomerium.com/docs/reference/identity-provider-settings
 */
export class Pomerium extends pulumi.ComponentResource implements RelyingParty {
  private readonly settings: PomeriumSettings
  private readonly context: RelyingPartyContext

  constructor(context: RelyingPartyContext, settings: PomeriumSettings) {
    super('gatewright:relyingParty:Pomerium', context.id, {}, { parent: context.parent })
    this.settings = settings
    this.context = context
    this.registerOutputs({ url: settings.url })
  }

  request(): ClientRequest {
    const { url, allowedGroups, authMethod = 'client_secret_basic', import: taken, client } = this.settings
    return {
      relyingParty: this.context.id,
      clientName: this.context.clientName,
      redirectUris: [callbackUrl(url)],
      postLogoutRedirectUris: [signedOutUrl(url)],
      homeUrl: url,
      // Many of its versions send no code challenge; those that do are free to.
      pkce: false,
      authMethod,
      allowedGroups,
      import: taken,
      client,
    }
  }

  complete({ provider, settings, credential }: RegisteredClient): pulumi.Output<object> {
    const { url, secret } = this.settings
    const { kind, scopes } = settings
    // Pomerium asks nobody whose token it is: at an address for people of several tenants everybody could come in.
    const place = { provider: pomeriumProvider(kind), url: provider.homeIssuer ?? provider.issuer, scopes }
    const told = pulumi
      .all([credential.clientId, credential.clientSecret, this.serviceAccount(provider)])
      .apply(([clientId, clientSecret, serviceAccount]) => ({ ...place, clientId, clientSecret, serviceAccount }))
    if (secret === undefined) {
      const all = told.apply((idp) => ({ environment: environment(url, idp), configFile: configFile(url, idp) }))
      return pulumi.secret(all)
    }
    const { id, cluster } = this.context
    const made = makeSecret(id, cluster(), secret, { values: told.apply(secretValues) }, this)
    return made.id.apply((name) => clusterSpec(url, place, name))
  }

  /** The stack file's checks let through what has a form for Pomerium. */
  private serviceAccount({ directory }: IdentityProvider): pulumi.Output<string | undefined> {
    if (!this.settings.directory || directory === undefined) return pulumi.output(undefined)
    return directory.apply((credential: DirectoryCredential) => {
      const account = pomeriumServiceAccount(credential)
      if (account === undefined) throw new pulumi.RunError(`Pomerium has no form for a directory of ${credential.kind}`)
      return account
    })
  }
}
