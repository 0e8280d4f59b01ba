import type * as pulumi from '@pulumi/pulumi'

import type { ImageConfig } from '../../runtime/config.ts'
import type { BroughtClient } from '../config/index.ts'
import type { ProgramFolders } from '../targets/index.ts'
import type { DirectoryCredential } from './directory-credential.ts'

/** How a client with a secret shows it to the token endpoint (RFC 6749 §2.3.1). */
export type SecretAuthMethod = 'client_secret_basic' | 'client_secret_post'

/** What a relying party needs from an identity provider; neither knows the other. */
export interface ClientRequest {
  /** Key of the relying party: the client's logical name is `<identity provider>-<relying party>`. */
  relyingParty: string
  /** Shown in the provider's console and on its consent page. One of its kind in a tenant: a client is found by it. */
  clientName: string
  /** Exact URLs (RFC 6749 §3.1.2), at least one; outputs where the relying party itself gives a part of them away. */
  redirectUris: pulumi.Input<string[]>
  /** Exact URLs (RP-Initiated Logout 1.0 §3). */
  postLogoutRedirectUris: string[]
  /** Back-Channel Logout 1.0 §2.2; left out by a relying party that does not serve it. */
  backChannelLogoutUri?: string
  /** Front-Channel Logout 1.0 §2; for providers that know nothing better. */
  frontChannelLogoutUri?: string
  /** Where a tile in the provider's portal leads. */
  homeUrl: string
  /** Whether every sign-in has to come with a code challenge (RFC 7636): not where the relying party sends none. */
  pkce: boolean
  /** How the client shows its secret; as the provider's settings say where it is left out. */
  authMethod?: SecretAuthMethod | undefined
  /** Names of the groups whose members may sign in to it; those of the provider's settings where it is left out. */
  allowedGroups?: readonly string[] | undefined
  /** The vendor's id of a client that exists, to take over instead of making one. */
  import?: string | undefined
  /** One that somebody made by hand, where the vendor has no way to register it. */
  client?: BroughtClient | undefined
  /** Shown there, and on consent pages, by providers that take one. */
  logo?: {
    image: ImageConfig
    /** Where everybody can get it. */
    url: string
  }
}

/** One credential of a client. */
export interface ClientCredential {
  /** Its name in `clientSecrets` of the stack file. */
  name: string
  /** The same for all credentials, unless the provider can only rotate by making another client. */
  clientId: pulumi.Output<string>
  /**
   * A secret output: the client secret, or the private key as a JWK in JSON where that is how the client shows itself. A
   * client that shows nothing has none.
   */
  clientSecret?: pulumi.Output<string>
}

/** One that is shown by a secret. */
export type SecretCredential = Required<ClientCredential>

/** A client as the provider knows it. */
export interface ClientRegistration {
  /** As in `clientSecrets`: the preferred one first. */
  credentials: ClientCredential[]
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
  /** Where the client itself is at home, if `issuer` is an address for people of several tenants. */
  homeIssuer?: string
  /** The claim in which ID tokens have the groups; `groups` where it is left out. */
  groupsClaim?: string
  /** Registers a client; call it once for each relying party. */
  register(request: ClientRequest): ClientRegistration
  /** With what users and groups can be read, where the stack file asks for it; a secret output. */
  directory?: pulumi.Output<DirectoryCredential> | undefined
  /** By user name; only where the stack itself made them. */
  people?: Record<string, LocalPerson>
}

/** What a kind of provider is made with, beside its settings. */
export interface ProviderContext {
  /** Key in the stack file. */
  id: string
  /** What the provider's other things are called in the vendor's console: one of its kind in a tenant. */
  displayName: string
  parent: pulumi.Resource
  folders: ProgramFolders
}
