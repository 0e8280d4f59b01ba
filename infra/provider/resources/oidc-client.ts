import * as pulumi from '@pulumi/pulumi'

import type { ClientInputs, ClientState } from '../oidc/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'

export type OidcClientArgs = Args<ClientInputs>

type Output<Name extends keyof ClientState> = pulumi.Output<ClientState[Name]>

/**
 * A dynamically registered OIDC client (RFC 7591, RFC 7592). Another `issuer` makes another client; all else is changed
 * in place, so that client id and secret stay.
 */
export class OidcClient extends pulumi.CustomResource {
  declare readonly issuer: Output<'issuer'>
  declare readonly clientName: Output<'clientName'>
  declare readonly redirectUris: Output<'redirectUris'>
  declare readonly postLogoutRedirectUris: Output<'postLogoutRedirectUris'>
  declare readonly backChannelLogoutUri: Output<'backChannelLogoutUri'>
  declare readonly grantTypes: Output<'grantTypes'>
  declare readonly tokenEndpointAuthMethod: Output<'tokenEndpointAuthMethod'>
  declare readonly scope: Output<'scope'>
  declare readonly applicationType: Output<'applicationType'>
  declare readonly clientId: Output<'clientId'>
  /** Secret. */
  declare readonly clientSecret: Output<'clientSecret'>
  /** Seconds since 1970; 0 means never. */
  declare readonly clientSecretExpiresAt: Output<'clientSecretExpiresAt'>
  declare readonly registrationClientUri: Output<'registrationClientUri'>
  /** Secret; a server may rotate it with every answer. */
  declare readonly registrationAccessToken: Output<'registrationAccessToken'>

  /**
   * @param name by which the stack knows it
   * @param args the client's metadata; the initial access token becomes a secret by itself
   */
  constructor(name: string, args: OidcClientArgs, options?: pulumi.CustomResourceOptions) {
    const { initialAccessToken, ...rest } = args
    const inputs = {
      ...rest,
      ...(initialAccessToken === undefined ? {} : { initialAccessToken: pulumi.secret(initialAccessToken) }),
      ...outputsOnly(
        'clientId',
        'clientSecret',
        'clientSecretExpiresAt',
        'registrationClientUri',
        'registrationAccessToken',
      ),
    }
    const secrets = ['clientSecret', 'registrationAccessToken', 'initialAccessToken']
    super('gatewright-native:oidc:Client', name, inputs, withSecretOutputs(options, secrets))
  }
}
