import * as pulumi from '@pulumi/pulumi'

import type { EndpointsInputs } from '../oidc/index.ts'
import { type Args, outputsOnly } from './args.ts'

export type OidcEndpointsArgs = Args<EndpointsInputs>

/** Where an issuer's endpoints are, as its discovery document says; empty for one that it does not have. */
export class OidcEndpoints extends pulumi.CustomResource {
  declare readonly authorization: pulumi.Output<string>
  declare readonly token: pulumi.Output<string>
  declare readonly userinfo: pulumi.Output<string>
  declare readonly endSession: pulumi.Output<string>

  /**
   * @param name by which the stack knows it
   * @param args the issuer; it is asked when something is deployed, and never in a preview
   */
  constructor(name: string, args: OidcEndpointsArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, ...outputsOnly('authorization', 'token', 'userinfo', 'endSession') }
    super('gatewright-native:oidc:Endpoints', name, inputs, options)
  }
}
