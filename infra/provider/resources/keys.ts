import * as pulumi from '@pulumi/pulumi'

import type { NameSuffixInputs, SecretInputs, ServiceTokenInputs } from '../key/index.ts'
import { outputsOnly, withSecretOutputs, type Args } from './args.ts'

export type SecretKeyArgs = Args<SecretInputs>
export type ServiceTokenArgs = Args<ServiceTokenInputs>

/** The random end of a name, another one whenever what it is for changes. */
export class NameSuffix extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>

  constructor(name: string, args: Args<NameSuffixInputs>, options?: pulumi.CustomResourceOptions) {
    super('gatewright-native:key:NameSuffix', name, { ...args, ...outputsOnly('value') }, options)
  }
}

/** Random bytes, made once and kept in the stack's state. */
export class SecretKey extends pulumi.CustomResource {
  /** Secret; base64url without padding (RFC 4648 §5). */
  declare readonly value: pulumi.Output<string>

  constructor(name: string, args: SecretKeyArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, ...outputsOnly('value') }
    super('gatewright-native:key:Secret', name, inputs, withSecretOutputs(options, ['value']))
  }
}

/** An ES256 key pair, made once and kept in the stack's state; its id is the key id (RFC 7638 thumbprint). */
export class SigningKey extends pulumi.CustomResource {
  /** Secret; a JWK as JSON text (RFC 7517). */
  declare readonly privateJwk: pulumi.Output<string>
  /** A JWK as JSON text. */
  declare readonly publicJwk: pulumi.Output<string>

  constructor(name: string, options?: pulumi.CustomResourceOptions) {
    const inputs = outputsOnly('privateJwk', 'publicJwk')
    super('gatewright-native:key:Signing', name, inputs, withSecretOutputs(options, ['privateJwk']))
  }
}

/** A token of a service account, made once and kept in the stack's state. */
export class ServiceToken extends pulumi.CustomResource {
  /** Secret. */
  declare readonly value: pulumi.Output<string>
  /** SHA-256 of the whole token, base64url. */
  declare readonly hash: pulumi.Output<string>
  /** Milliseconds since 1970. */
  declare readonly expiresAt: pulumi.Output<number>

  constructor(name: string, args: ServiceTokenArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, ...outputsOnly('value', 'hash', 'createdAt', 'expiresAt') }
    super('gatewright-native:key:ServiceToken', name, inputs, withSecretOutputs(options, ['value']))
  }
}
