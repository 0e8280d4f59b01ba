import type * as pulumi from '@pulumi/pulumi'

import type { ProgramFolders } from '../targets/index.ts'

/** What a relying party needs from an identity provider; neither knows the other. */
export interface ClientRequest {
  /** Key of the relying party: the client's logical name is `<identity provider>-<relying party>`. */
  relyingParty: string
  /** Shown in the provider's console and on its consent page. */
  clientName: string
  /** Exact URLs (RFC 6749 §3.1.2). */
  redirectUris: string[]
  /** Exact URLs (RP-Initiated Logout 1.0 §3). */
  postLogoutRedirectUris: string[]
}

/** A client as the provider knows it. */
export interface ClientRegistration {
  clientId: pulumi.Output<string>
  /** A secret output. */
  clientSecret: pulumi.Output<string>
}

/** Someone who can sign in at a provider of kind local. */
export interface LocalPerson {
  password: pulumi.Output<string>
  groups: string[]
}

/** One identity provider of a stack. */
export interface IdentityProvider {
  /** Issuer identifier (OpenID Connect Discovery 1.0 §4.3). */
  issuer: string
  /** Registers a client; call it once for each relying party. */
  register(request: ClientRequest): ClientRegistration
  /** By user name; only where the stack itself made them. */
  people: Record<string, LocalPerson>
}

/** What a kind of provider is made with, beside its settings. */
export interface ProviderContext {
  /** Key in the stack file. */
  id: string
  parent: pulumi.Resource
  folders: ProgramFolders
}
