import * as pulumi from '@pulumi/pulumi'

import type { ProofInputs } from '../oidc/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'

export type CredentialProofArgs = Args<ProofInputs>

/**
 * A client's secret that the provider has shown to be live: deploy with its `clientSecret`, not with the one that the
 * vendor gave. It waits three minutes at most; `customTimeouts` says otherwise.
 */
export class CredentialProof extends pulumi.CustomResource {
  /** Secret. */
  declare readonly clientSecret: pulumi.Output<string>
  /** When the pair of client id and secret was first taken: ISO 8601, in UTC. */
  declare readonly provenAt: pulumi.Output<string>

  /**
   * @param name by which the stack knows it
   * @param args the credential; the client secret becomes a secret by itself
   */
  constructor(name: string, args: CredentialProofArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, clientSecret: pulumi.secret(args.clientSecret), ...outputsOnly('provenAt') }
    const patient = pulumi.mergeOptions({ customTimeouts: { create: '3m', update: '3m' } }, options ?? {})
    super('gatewright-native:oidc:CredentialProof', name, inputs, withSecretOutputs(patient, ['clientSecret']))
  }
}
