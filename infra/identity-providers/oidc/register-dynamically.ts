import * as pulumi from '@pulumi/pulumi'

import { OidcClient, SigningKey } from '../../provider/index.ts'
import type { ClientCredential, ClientRegistration, ClientRequest } from '../identity-provider.ts'
import { clientInputs, type Registrar } from './inputs.ts'

/** Public keys as JWKs (RFC 7517 §5). */
type KeySet = Record<'keys', Record<string, string>[]>

/** What any provider with dynamic client registration is told. */
export interface OidcRegistrar extends Registrar {
  initialAccessToken: pulumi.Output<string>
  clientSecrets: string[]
}

/**
 * Registers clients: code flow with refresh tokens, with exactly the URLs that were asked for. A client that shows a key has
 * as many of them as there are names in `clientSecrets`. RFC 7592 has no second secret, so that with secrets each name is a
 * client of its own; the first of all bears no name, as it is most often the only one.
 */
export function registerDynamically(
  id: string,
  registrar: OidcRegistrar,
  request: ClientRequest,
  options: pulumi.CustomResourceOptions,
): ClientRegistration {
  const key = `${id}-${request.relyingParty}`
  const { initialAccessToken, clientSecrets } = registrar
  const authMethod = request.authMethod ?? registrar.authMethod
  const register = (name: string, jwks?: pulumi.Output<KeySet>): OidcClient => {
    const inputs = { ...clientInputs(registrar, request), initialAccessToken, ...(jwks && { jwks }) }
    return new OidcClient(name, inputs, options)
  }
  if (authMethod === 'none') return { credentials: [{ name: 'public', clientId: register(key).clientId }] }
  if (authMethod === 'private_key_jwt') return { credentials: withKeys(key, clientSecrets, register, options) }
  return {
    credentials: clientSecrets.map((secretName) => {
      const client = register(secretName === 'first' ? key : `${key}-${secretName}`)
      return { name: secretName, clientId: client.clientId, clientSecret: pulumi.secret(client.clientSecret) }
    }),
  }
}

function withKeys(
  key: string,
  names: readonly string[],
  register: (name: string, jwks: pulumi.Output<KeySet>) => OidcClient,
  { parent }: pulumi.CustomResourceOptions,
): ClientCredential[] {
  const keys = names.map((name) => ({
    name,
    ...jwksOf(new SigningKey(`${key}-${name}-key`, parent ? { parent } : {})),
  }))
  // In an order of their own, so that only a new key changes the client.
  const sorted = keys.toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
  const { clientId } = register(
    key,
    pulumi.all(sorted.map(({ publicKey }) => publicKey)).apply((all) => ({ keys: all })),
  )
  return keys.map(({ name, privateJwk }) => ({
    name,
    clientId,
    // Whoever uses a key waits until the provider has it.
    clientSecret: pulumi.secret(pulumi.all([privateJwk, clientId]).apply(([jwk]) => jwk)),
  }))
}

function jwksOf({ privateJwk, publicJwk }: SigningKey) {
  return { privateJwk, publicKey: publicJwk.apply((text) => JSON.parse(text) as Record<string, string>) }
}
