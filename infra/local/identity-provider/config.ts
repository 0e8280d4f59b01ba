import * as z from 'zod'

import { identifier, origin } from '../../../runtime/config.ts'
import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { loopbackAddress } from '../program/index.ts'
import { INITIAL_ACCESS_TOKEN, passwordSecret } from './secret-names.ts'

const person = z.strictObject({
  /** Shown to people; the `name` claim. */
  name: z.string().min(1),
  /** The `email` claim, always said to be verified. */
  email: z.email(),
  /** The `groups` claim. */
  groups: z.array(z.string().min(1)),
})

/** `config.json` of the local identity provider. Secrets are files: `initial-access-token` and a `password.<user>` per person. */
export const identityProviderConfigSchema = z.strictObject({
  /** The issuer identifier; people and programs reach the provider by its host only. */
  issuer: origin.refine(
    isLocalIssuer,
    'write it as http:// on localhost or a name below it: this provider is for one machine',
  ),
  listen: loopbackAddress,
  /** Shown to people. */
  name: z.string().min(1),
  /** By user name, which is what they type to sign in and their `sub`. */
  people: z.record(identifier, person),
})

export type IdentityProviderConfig = z.infer<typeof identityProviderConfigSchema>
export type Person = IdentityProviderConfig['people'][string]

/** The secrets of a release, each one there. */
export interface IdentityProviderSecrets {
  initialAccessToken: string
  /** By user name. */
  passwords: ReadonlyMap<string, string>
}

/**
 * Picks the secrets that a config asks for.
 * @throws Error naming every file that is missing, empty or (for the access token) shorter than 16 characters
 */
export function pickSecrets(
  config: IdentityProviderConfig,
  files: ReadonlyMap<string, string>,
): IdentityProviderSecrets {
  const initialAccessToken = files.get(INITIAL_ACCESS_TOKEN) ?? ''
  const passwords = new Map(Object.keys(config.people).map((user) => [user, files.get(passwordSecret(user)) ?? '']))
  const mistakes = [
    ...(initialAccessToken.length < 16 ? [`secrets/${INITIAL_ACCESS_TOKEN} must have 16 characters or more`] : []),
    ...[...passwords]
      .filter(([, password]) => password === '')
      .map(([user]) => `secrets/${passwordSecret(user)} is missing`),
  ]
  if (mistakes.length > 0) throw new Error(mistakes.join('; '))
  return { initialAccessToken, passwords }
}

function isLocalIssuer(issuer: string): boolean {
  const url = URL.parse(issuer)
  return url?.protocol === 'http:' && isLoopbackHost(url.hostname)
}
