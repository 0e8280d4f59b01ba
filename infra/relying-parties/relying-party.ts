import type * as pulumi from '@pulumi/pulumi'

import type { Cluster } from '../cluster/index.ts'
import type { IdentityProviderSettings } from '../config/index.ts'
import type { ClientCredential, ClientRequest, IdentityProvider } from '../identity-providers/index.ts'

/** A client that an identity provider has, and what a relying party may have to know of that provider. */
export interface RegisteredClient {
  provider: IdentityProvider
  settings: IdentityProviderSettings
  /** The one to use: the provider was seen to take it. It has a secret. */
  credential: Required<ClientCredential>
}

/** Somebody else's software that signs people in: what it asks an identity provider for, and what becomes of the answer. */
export interface RelyingParty {
  /**
   * The client that it needs. Called once, before {@link RelyingParty.complete}; it may make resources, where an address of
   * the client is only known by one.
   */
  request(): ClientRequest
  /**
   * Hands the client over.
   * @returns what the stack puts out for whoever runs the relying party, a secret as a whole where there is one in it;
   * nothing where the relying party has been told everything already
   */
  complete(client: RegisteredClient): pulumi.Output<object> | undefined
}

/** What a relying party is made with, beside its settings. */
export interface RelyingPartyContext {
  /** Key in the stack file: the client's logical name is `<identity provider>-<id>`. */
  id: string
  /** What its client is called at a vendor: one of its kind in a tenant. */
  clientName: string
  parent: pulumi.Resource
  /** The stack's cluster, made at the first call. */
  cluster: () => Cluster
}
