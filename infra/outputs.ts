import type * as pulumi from '@pulumi/pulumi'

/** An identity provider of a stack, for everybody to read. */
export interface IdentityProviderOutput {
  /** As in the arguments. */
  kind: string
  /** Issuer identifier (OpenID Connect Discovery 1.0 §4.3). */
  issuer: string
  /** Where the clients are at home, if `issuer` is an address for people of several tenants. */
  homeIssuer?: string
  /** Of the gateway's client; left out, as what follows, where no brand offers the provider. */
  clientId?: string
  /** Of the login host that names the stack, or else the first one. */
  callbackUrl?: string
  /** Brand → callback, where several offer the provider. */
  callbackUrls?: Record<string, string>
  /** Its addresses, where it has no discovery document. */
  endpoints?: object
}

/** A relying party of a stack, for everybody to read. */
export interface RelyingPartyOutput {
  /** As in the arguments. */
  kind: string
  /** Which one it is, of kind `app`. */
  app?: string
  /** Where people come to it. */
  url: string
  /** What its identity provider is called in the arguments. */
  identityProvider: string
  clientId: pulumi.Output<string>
  /** Exact addresses to which people are sent after a sign-in. */
  callbackUrls: pulumi.Input<string[]>
  /** Who may sign in, in words for a reviewer. */
  access: string
}

/** A service account of a stack, for everybody to read. */
export interface ServiceAccountOutput {
  /** Shown to people. */
  name: string
  groups: string[]
  /** Where its tokens count. */
  routes: string[]
  /** Token name → until when it is good, in ISO 8601. */
  tokens: Record<string, string>
}
