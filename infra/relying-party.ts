import * as pulumi from '@pulumi/pulumi'

import type { RelyingPartyArgs as StackPartyArgs } from './args.ts'
import { parseStack } from './config/index.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { connectParties } from './parties.ts'
import { registrarOf } from './registrars.ts'

/** The same of every kind, with the provider itself in the place of its name. */
type Connected<Args> = Args extends unknown
  ? Omit<Args, 'identityProvider' | 'secret'> & {
      /** Where its people sign in. */
      identityProvider: IdentityProvider
    }
  : never

/** As under `relyingParties` of a stack file; a Secret in a cluster is made of {@link RelyingParty.settings}. */
export type RelyingPartyArgs = Connected<StackPartyArgs>

/** What Pomerium is to be given: one of the two. */
export interface PomeriumOutput {
  /** Environment variables. */
  environment: Record<string, string>
  /** The same for its configuration file, in YAML. */
  configFile: string
}

/** What software of each kind is to be given; Pangolin has been told everything already. */
export type RelyingPartySettings<Args> = Args extends { kind: 'app' }
  ? pulumi.Output<Record<string, string>>
  : Args extends { kind: 'pomerium' }
    ? pulumi.Output<PomeriumOutput>
    : undefined

/**
 * Software that signs people in at an identity provider, by a client of its own that is registered here.
 * @throws StackConfigError with every mistake of the arguments
 */
export class RelyingParty<Args extends RelyingPartyArgs = RelyingPartyArgs> extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>
  /** Exact addresses to which people are sent after a sign-in. */
  readonly callbackUrls: pulumi.Output<string[]>
  /** Who may sign in, in words for a reviewer. */
  readonly access: string
  /**
   * What the software is to be given, in the form that it takes: mostly environment variables. A secret as a whole; nothing for
   * software that has been told everything already.
   */
  readonly settings: RelyingPartySettings<Args>

  /** @param name stands in the client's name in the program; one of its kind there */
  constructor(name: string, args: Args, options: pulumi.ComponentResourceOptions = {}) {
    const { identityProvider, ...rest } = args
    const { name: source, provider, args: providerArgs, parties } = registrarOf(identityProvider)
    const own = { ...rest, identityProvider: source }
    // With those before it: no two may have one address, or one client with its secret.
    const stack = parseStack({
      identityProviders: { [source]: providerArgs },
      relyingParties: { ...Object.fromEntries(parties), [name]: own },
      target: { kind: 'none' },
    })
    parties.set(name, own)
    super('gatewright:index:RelyingParty', name, {}, options)
    const relyingParties = Object.fromEntries(Object.entries(stack.relyingParties).filter(([id]) => id === name))
    const party = connectParties({ ...stack, relyingParties }, { [source]: provider }, this)[name]
    // The stack has this one and no other.
    if (!party) throw new Error(`${name} was not connected`)
    const { clientId, callbackUrls, access } = party.described
    this.clientId = clientId
    this.callbackUrls = pulumi.output(callbackUrls)
    this.access = access
    this.settings = (party.settings && pulumi.secret(party.settings)) as RelyingPartySettings<Args>
    this.registerOutputs({ clientId: this.clientId, callbackUrls: this.callbackUrls, access: this.access })
  }
}
