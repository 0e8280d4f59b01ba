import * as z from 'zod'

import { authorizationParameters } from '../../../runtime/config.ts'
import { domains, file, scopes, sessionOverrides } from '../fields.ts'
import { attributes } from './attributes.ts'

/** What every kind of identity provider may say. */
export const common = {
  /** Shown to people; the provider's id where it is left out. */
  name: z.string().min(1).optional(),
  /** Notes for administrators. */
  description: z.string().min(1).max(1_000).optional(),
  /** One that is not stays registered; people are not offered it, and nothing that it says counts. */
  enabled: z.boolean().default(true),
  /** `Login with <name>` where it is left out. */
  buttonText: z.string().min(1).optional(),
  /** A picture for the button, PNG, JPEG or SVG: a file of the stack's project. */
  logo: file.optional(),
  scopes: scopes.default(['openid', 'profile', 'email']),
  /** Sent along to the provider's sign-in page: `prompt`, `hd`, `domain_hint`, `acr_values`… */
  authorizationParameters: authorizationParameters.default({}),
  /** How the provider answers: in the callback's address, or by a form that it has the browser send. */
  responseMode: z.enum(['query', 'form_post']).default('query'),
  /** Whose word counts for an address: the claim `email_verified`, the provider always, or a mail of ours always. */
  emailTrust: z.enum(['verify-with-claim', 'trust-idp', 'always-verify']).default('verify-with-claim'),
  /** Only people with a verified address of these domains may sign in; empty means any. */
  allowedDomains: domains.default([]),
  /** Whether somebody without an account gets one, or is refused. */
  provisioning: z.enum(['auto', 'match-only']).default('auto'),
  /** Whether somebody with a verified address of an existing account may join it, after signing in to that one too. */
  linking: z.enum(['deny', 'confirm']).default('confirm'),
  /** Claims from which the fields of an account's profile come. */
  attributes: attributes(),
  /** Claims that are kept with a session beside the usual ones, for rules and apps. */
  claims: z
    .array(z.string().min(1))
    .refine((names) => new Set(names).size === names.length, 'a name is there twice')
    .default([]),
  /** Of sessions that this provider signs in; the shortest of all that say so counts. */
  session: sessionOverrides.optional(),
}

/** A name of a client secret; `npm run rotate` uses dates. It stands in file names and resource names. */
const secretName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'use lowercase letters, digits and dashes')

/** What every kind may say where we register the client. */
export const registered = {
  ...common,
  /**
   * Names of the client's secrets, the preferred one first. Two of them only while one takes over from the other;
   * `npm run rotate` does that.
   */
  clientSecrets: z
    .array(secretName)
    .min(1)
    .max(2)
    .refine((names) => new Set(names).size === names.length, 'the two have one name')
    .default(['first']),
  /** A preview says so when a secret is older. Entra's end by themselves after twice that. */
  clientSecretMaxAgeDays: z.int().positive().max(3650).default(180),
  /**
   * What becomes of the client when it leaves the stack: `allowed` deletes it there, `protected` refuses the deployment
   * that would, `retained` leaves it there.
   */
  removal: z.enum(['allowed', 'protected', 'retained']).default('allowed'),
}

/** Where a provider may be one's own, in a network that nobody else reaches. */
export const privateNetwork = {
  /** Its addresses may lie in a private network. A host on this machine may always be asked. */
  allowPrivateAddresses: z.boolean().default(false),
}

/** Where a vendor can say which groups may sign in to an application. */
export const accessGroups = {
  /** Names of the groups whose members may sign in at all; empty leaves it to the vendor's own default. */
  allowedGroups: z
    .array(z.string().min(1))
    .refine((names) => new Set(names).size === names.length, 'a name is there twice')
    .default([]),
}

/** Where a client that exists already can be taken over. */
export const adoptable = {
  /** The vendor's id of an application that exists, to take over instead of making one. */
  import: z.string().min(1).optional(),
}
