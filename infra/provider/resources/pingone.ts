import * as pulumi from '@pulumi/pulumi'

import type { ApplicationInputs, ApplicationSecretInputs, ApplicationState, Connection } from '../pingone/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'
import { ask, type Asking } from './ask.ts'

/** Where a PingOne environment is, and with what it is administered. */
export type PingOneConnection = Omit<Args<Connection>, 'credentials'> & {
  credentials: { clientId: pulumi.Input<string>; clientSecret: pulumi.Input<string> }
}

type WithConnection<Inputs> = Omit<Args<Inputs>, 'credentials'> & Pick<PingOneConnection, 'credentials'>

export type PingOneApplicationArgs = WithConnection<ApplicationInputs>
export type PingOneApplicationSecretArgs = WithConnection<ApplicationSecretInputs>

type Output<Name extends keyof ApplicationState> = pulumi.Output<ApplicationState[Name]>

/** An OpenID Connect application of PingOne, with its grants, claims and roles. */
export class PingOneApplication extends pulumi.CustomResource {
  declare readonly name: Output<'name'>
  declare readonly redirectUris: Output<'redirectUris'>
  declare readonly clientId: Output<'clientId'>
  /** Digest of the secret that PingOne made with the application; empty for one that was taken over. */
  declare readonly bornWith: Output<'bornWith'>

  /**
   * @param name by which the stack knows it
   * @param args the client secret of the credentials becomes a secret by itself
   */
  constructor(name: string, args: PingOneApplicationArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...withSecretCredentials(args), ...outputsOnly('clientId', 'bornWith') }
    super('gatewright-native:pingone:Application', name, inputs, options)
  }
}

/** A secret of a PingOne application; it ends when the resource is deleted. */
export class PingOneApplicationSecret extends pulumi.CustomResource {
  /** Secret. */
  declare readonly clientSecret: pulumi.Output<string>

  /**
   * @param name by which the stack knows it
   * @param args the client secret of the credentials, and `beside`, become secrets by themselves
   */
  constructor(name: string, args: PingOneApplicationSecretArgs, options?: pulumi.CustomResourceOptions) {
    const { beside, ...rest } = args
    const inputs = {
      ...withSecretCredentials(rest),
      ...(beside === undefined ? {} : { beside: pulumi.secret(beside) }),
      ...outputsOnly('clientSecret'),
    }
    super('gatewright-native:pingone:ApplicationSecret', name, inputs, withSecretOutputs(options, ['clientSecret']))
  }
}

/** Asks for every group of an environment, in previews too. */
export async function getPingOneGroups(
  connection: PingOneConnection,
  asking: Asking,
): Promise<{ id: string; name: string }[]> {
  const args = withSecretCredentials(connection)
  const answer = await ask<{ groups: { id: string; name: string }[] }>(
    'gatewright-native:pingone:getGroups',
    args,
    asking,
  )
  return answer.groups
}

function withSecretCredentials<Given extends Pick<PingOneConnection, 'credentials'>>(args: Given): Given {
  const { clientId, clientSecret } = args.credentials
  return { ...args, credentials: { clientId, clientSecret: pulumi.secret(clientSecret) } }
}
