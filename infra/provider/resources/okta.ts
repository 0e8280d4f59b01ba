import * as pulumi from '@pulumi/pulumi'

import { type ClientSecretInputs, type ClientSecretState, OWN_SECRET_PREFIX } from '../okta/index.ts'
import { type Args, outputsOnly, withSecretOutputs } from './args.ts'

export type OktaClientSecretArgs = Args<Omit<ClientSecretInputs, 'status' | 'value'>> & {
  /** Unguessable text of at least 32 characters; what is registered is this behind a prefix that marks it as ours. */
  secret: pulumi.Input<string>
}

type Output<Name extends keyof ClientSecretState> = pulumi.Output<ClientSecretState[Name]>

/** One of the two secrets that a client at Okta can have. Another `secret`, app or organisation makes another one. */
export class OktaClientSecret extends pulumi.CustomResource {
  /** Secret; live when it is known. */
  declare readonly value: Output<'value'>

  constructor(name: string, args: OktaClientSecretArgs, options?: pulumi.CustomResourceOptions) {
    const { secret, apiToken, ...rest } = args
    const inputs = {
      ...rest,
      apiToken: pulumi.secret(apiToken),
      value: pulumi.secret(pulumi.interpolate`${OWN_SECRET_PREFIX}${secret}`),
      status: 'ACTIVE',
      ...outputsOnly('secretId'),
    }
    super('gatewright-native:okta:ClientSecret', name, inputs, withSecretOutputs(options, ['apiToken', 'value']))
  }
}

/** The RS256 key pair of a service app at Okta, made once and kept in the stack's state. */
export class OktaServiceKey extends pulumi.CustomResource {
  /** Secret; a JWK as JSON text (RFC 7517). */
  declare readonly privateJwk: pulumi.Output<string>
  /** Members of the public JWK. */
  declare readonly publicKey: pulumi.Output<{ kid: string; kty: string; n: string; e: string }>

  constructor(name: string, options?: pulumi.CustomResourceOptions) {
    const inputs = outputsOnly('privateJwk', 'publicKey')
    super('gatewright-native:okta:ServiceKey', name, inputs, withSecretOutputs(options, ['privateJwk']))
  }
}
