import type { SecretAuthMethod } from '../../identity-providers/index.ts'

/** A client as an app is told of it; everything that any of them asks for. */
export interface AppClient {
  /** Of the app itself. */
  url: string
  /** What the identity provider is called in the stack file: apps make names and addresses of it. */
  source: string
  /** What the identity provider is called before people. */
  displayName: string
  issuer: string
  clientId: string
  clientSecret: string
  scopes: readonly string[]
  /** Claim of the ID token that has the groups. */
  groupsClaim: string
  /** Empty where the app's profile does not need them, or the provider has none. */
  endpoints: AppEndpoints
}

export interface AppEndpoints {
  authorization: string
  token: string
  userinfo: string
  endSession: string
}

/** What an app needs of a client, and the form in which it takes one. */
export interface AppProfile {
  /** Exact redirect URIs. */
  callbacks: (url: string, source: string) => string[]
  /** Where the app has people sent after a sign-out. */
  postLogout: (url: string) => string[]
  /** Whether the app sends a code challenge with the settings below. */
  pkce: boolean
  authMethod: SecretAuthMethod
  /** Whether it has to be told each endpoint, for it reads no discovery document. */
  needsEndpoints: boolean
  /** By the names under which the app looks for them: keys of a Secret, mostly environment variables. */
  values: (client: AppClient) => Record<string, string>
  /** Labels without which the app does not read a Secret. */
  labels?: Readonly<Record<string, string>>
  /**
   * What has to stand in the app's own configuration beside the values.
   * @param secret name of the Secret, where there is one
   */
  beside?: (client: Omit<AppClient, 'clientSecret'>, secret: string | undefined) => Record<string, string>
}

/** An app that reads discovery documents, sends no code challenge and is told its client in the usual way. */
export const USUAL = {
  postLogout: () => [],
  pkce: false,
  authMethod: 'client_secret_basic',
  needsEndpoints: false,
} as const satisfies Partial<AppProfile>

/** @returns where the discovery document of an issuer is (OpenID Connect Discovery 1.0 §4) */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}
