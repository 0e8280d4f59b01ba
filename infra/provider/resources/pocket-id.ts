import * as pulumi from '@pulumi/pulumi'

import type { ClientInputs, ClientSecretInputs } from '../pocket-id/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'
import { ask, type Asking } from './ask.ts'

/** Where a Pocket ID is, and with what it is administered. */
export interface PocketIdAdministration {
  /** Its origin. */
  url: string
  /** A secret output. */
  apiKey: pulumi.Output<string>
}

type AdministeredBy<Inputs> = Omit<Args<Inputs>, keyof PocketIdAdministration> & PocketIdAdministration

export type PocketIdClientArgs = AdministeredBy<ClientInputs>
export type PocketIdClientSecretArgs = AdministeredBy<ClientSecretInputs>

/** An OIDC client at Pocket ID. All of it is changed in place, except for another client to take over. */
export class PocketIdClient extends pulumi.CustomResource {
  declare readonly clientId: pulumi.Output<string>

  constructor(name: string, args: PocketIdClientArgs, options?: pulumi.CustomResourceOptions) {
    super('gatewright-native:pocketid:Client', name, { ...args }, options)
  }
}

/** A secret of a client at Pocket ID: from 2.14 on the proposed one, before that one of Pocket ID's own. */
export class PocketIdClientSecret extends pulumi.CustomResource {
  /** Secret. */
  declare readonly value: pulumi.Output<string>

  constructor(name: string, args: PocketIdClientSecretArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, ...outputsOnly('secretId', 'value') }
    super('gatewright-native:pocketid:ClientSecret', name, inputs, withSecretOutputs(options, ['proposed', 'value']))
  }
}

/** Lists every user group; asked in previews too. */
export async function getPocketIdUserGroups(
  administration: PocketIdAdministration,
  asking: Asking,
): Promise<{ id: string; name: string }[]> {
  const token = 'gatewright-native:pocketid:getUserGroups'
  const { groups } = await ask<{ groups: { id: string; name: string }[] }>(token, { ...administration }, asking)
  return groups
}
