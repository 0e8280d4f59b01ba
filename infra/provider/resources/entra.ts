import * as pulumi from '@pulumi/pulumi'

import type { AppRoleAssignmentInputs, ClientSecretInputs } from '../entra/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'

/** With what a tenant is administered; the client secret is to be a secret output. */
export interface EntraAdministration {
  authority: string
  tenantId: string
  clientId: string
  clientSecret: pulumi.Output<string>
}

type ForTenant<Inputs> = Omit<Args<Inputs>, 'administration'> & { administration: EntraAdministration }

export type EntraClientSecretArgs = ForTenant<ClientSecretInputs>
export type EntraAppRoleAssignmentArgs = ForTenant<AppRoleAssignmentInputs>

/** A client secret of an application; its successor has to have another name. */
export class EntraClientSecret extends pulumi.CustomResource {
  /** Secret. */
  declare readonly value: pulumi.Output<string>
  /** ISO 8601, in UTC. */
  declare readonly expiresAt: pulumi.Output<string>

  constructor(name: string, args: EntraClientSecretArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, ...outputsOnly('keyId', 'value', 'expiresAt') }
    super('gatewright-native:entra:ClientSecret', name, inputs, withSecretOutputs(options, ['value']))
  }
}

/** Lets a group into an application, or gives an application a role in another one. */
export class EntraAppRoleAssignment extends pulumi.CustomResource {
  constructor(name: string, args: EntraAppRoleAssignmentArgs, options?: pulumi.CustomResourceOptions) {
    super('gatewright-native:entra:AppRoleAssignment', name, { ...args, ...outputsOnly('assignmentId') }, options)
  }
}
