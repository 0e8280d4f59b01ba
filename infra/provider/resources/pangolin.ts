import * as pulumi from '@pulumi/pulumi'

import type { CredentialsInputs, IdentityProviderInputs, OrganizationPolicyInputs } from '../pangolin/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'

/** Where the integration API of a Pangolin is, and with what it is used. */
export interface PangolinAdministration {
  /** With its version: `https://api.pangolin.example/v1`. */
  api: string
  /** A secret output. */
  apiKey: pulumi.Output<string>
}

type AdministeredBy<Inputs> = Omit<Args<Inputs>, keyof PangolinAdministration> & PangolinAdministration

export type PangolinIdentityProviderArgs = AdministeredBy<IdentityProviderInputs>
export type PangolinCredentialsArgs = AdministeredBy<CredentialsInputs>
export type PangolinOrganizationPolicyArgs = AdministeredBy<OrganizationPolicyInputs>

/** An identity provider of a Pangolin, without the client that it is to be. All of it is changed in place. */
export class PangolinIdentityProvider extends pulumi.CustomResource {
  /** The number that Pangolin gave. */
  declare readonly idpId: pulumi.Output<string>
  /** Where the client's people come back to. */
  declare readonly callbackUrl: pulumi.Output<string>

  constructor(name: string, args: PangolinIdentityProviderArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, ...outputsOnly('idpId', 'callbackUrl') }
    super('gatewright-native:pangolin:IdentityProvider', name, inputs, options)
  }
}

/** The client that an identity provider of a Pangolin is: completes it. */
export class PangolinCredentials extends pulumi.CustomResource {
  /**
   * @param name by which the stack knows it
   * @param args the client secret becomes a secret by itself
   */
  constructor(name: string, args: PangolinCredentialsArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, clientSecret: pulumi.secret(args.clientSecret) }
    super('gatewright-native:pangolin:Credentials', name, inputs, withSecretOutputs(options, ['clientSecret']))
  }
}

/** Who comes into an organization of a Pangolin by an identity provider, and with which role. */
export class PangolinOrganizationPolicy extends pulumi.CustomResource {
  constructor(name: string, args: PangolinOrganizationPolicyArgs, options?: pulumi.CustomResourceOptions) {
    super('gatewright-native:pangolin:OrganizationPolicy', name, { ...args }, options)
  }
}
