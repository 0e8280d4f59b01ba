import * as z from 'zod'

import { isSafeUrl } from '../oidc/index.ts'

/** Where the integration API of a Pangolin is, and with what it is used. */
const administration = {
  /** With its version, and without a slash at its end: `https://api.pangolin.example/v1`. */
  api: z.string().refine(isSafeBase, 'use https://host/path, without a slash at its end (http only on this machine)'),
  /** A root key: Pangolin lets no other one touch identity providers. */
  apiKey: z.string().min(1),
}

export const administrationSchema = z.object(administration)

export type Administration = z.infer<typeof administrationSchema>

/** Pangolin numbers its identity providers. */
const idpId = z.string().regex(/^[1-9]\d{0,15}$/, 'is a number that Pangolin gave')

/** Of the identity provider, which is left as it is if it does not bear this one. */
const mark = z.string().min(16)

/** JMESPath over the claims of an ID token. */
const expression = z.string().trim().min(1)

/** What a program says about an identity provider, apart from the client that it is to be. */
export const identityProviderInputsSchema = z.strictObject({
  ...administration,
  /** The origin of the dashboard, where its callback is. */
  url: z.string().refine(isSafeOrigin, 'use https://host, without a path (http only on this machine)'),
  /** Stands in for the client until it is known. Unguessable: what bears it was made by this stack. */
  mark,
  /** On the button of the sign-in page. */
  name: z.string().min(1),
  /** Whether whoever signs in gets an account by that. */
  autoProvision: z.boolean(),
})

export type IdentityProviderInputs = z.infer<typeof identityProviderInputsSchema>

/** What the state holds of an identity provider. */
export const identityProviderStateSchema = z.object({
  api: z.string(),
  apiKey: z.string(),
  url: z.string(),
  mark: z.string(),
  name: z.string(),
  autoProvision: z.boolean(),
  idpId: z.string(),
  callbackUrl: z.string(),
})

export type IdentityProviderState = z.infer<typeof identityProviderStateSchema>

const endpoint = z.string().refine(isSafeUrl, 'use https (http only on this machine)')

/** What a program says about the client that an identity provider is to be. */
export const credentialsInputsSchema = z.strictObject({
  ...administration,
  idpId,
  mark,
  /** Its discovery document names the endpoints. */
  issuer: endpoint,
  /** For a provider without a discovery document. */
  authorizationEndpoint: endpoint.optional(),
  tokenEndpoint: endpoint.optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** With spaces between them (RFC 6749 §3.3). */
  scopes: z.string().min(1),
  /** What people are told apart by: an expression over the ID token's claims, whose value Pangolin puts into lower case. */
  identifierPath: expression,
  emailPath: expression.optional(),
  namePath: expression.optional(),
})

export type CredentialsInputs = z.infer<typeof credentialsInputsSchema>

/** What Pangolin has of a client; looser than the inputs, as people may do anything by hand. */
export const clientSettingsSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  scopes: z.string(),
  identifierPath: z.string(),
  emailPath: z.string().optional(),
  namePath: z.string().optional(),
})

export type ClientSettings = z.infer<typeof clientSettingsSchema>

/** Where Pangolin sends people and shows codes: the endpoints, or from a later version on what names them. */
export const addressesSchema = z.object({
  authUrl: z.string().optional(),
  tokenUrl: z.string().optional(),
  discoveryUrl: z.string().optional(),
})

export type Addresses = z.infer<typeof addressesSchema>

/** What the state holds of a client. */
export const credentialsStateSchema = z.object({
  api: z.string(),
  apiKey: z.string(),
  idpId: z.string(),
  mark: z.string(),
  ...clientSettingsSchema.shape,
  /** As the issuer named them when it was asked. */
  addresses: addressesSchema,
})

export type CredentialsState = z.infer<typeof credentialsStateSchema>

/** What a program says about who comes into an organization by an identity provider, and with which role. */
export const organizationPolicyInputsSchema = z.strictObject({
  ...administration,
  idpId,
  mark,
  /** Its id at Pangolin. */
  organization: z.string().min(1),
  /** Gives the name of a role, or a list of such. */
  roleMapping: expression,
  /** Whoever it gives `true` or the organization's id for is let in. */
  orgMapping: expression,
})

export type OrganizationPolicyInputs = z.infer<typeof organizationPolicyInputsSchema>

/** What the state holds of a policy. */
export const organizationPolicyStateSchema = z.object({
  api: z.string(),
  apiKey: z.string(),
  idpId: z.string(),
  mark: z.string(),
  organization: z.string(),
  roleMapping: z.string(),
  orgMapping: z.string(),
})

export type OrganizationPolicyState = z.infer<typeof organizationPolicyStateSchema>

function isSafeBase(value: string): boolean {
  return isSafeUrl(value) && !/[?#]/.test(value) && !value.endsWith('/')
}

function isSafeOrigin(value: string): boolean {
  return isSafeUrl(value) && URL.parse(value)?.origin === value
}
