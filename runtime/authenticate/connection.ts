import * as oidc from 'openid-client'

import type { IdentityProviderConfig } from '../config.ts'
import { isLoopbackHost } from '../net/index.ts'
import { boundedFetch } from '../outbound/index.ts'
import { Refusal } from '../refusal.ts'

/** One credential of a client that we are at a provider. */
export interface ClientCredential {
  /** Its name in the stack file; never a secret. */
  name: string
  clientId: string
  clientSecret: string
}

/** @returns the provider as one credential of ours speaks to it @throws Refusal `provider_unreachable` */
export type Connect = (credential: ClientCredential) => Promise<oidc.Configuration>

/** A discovery document as it came over the wire. */
interface RawDocument {
  status: number
  contentType: string
  body: string
}

/**
 * Discovery happens at the first use and is tried again after a failure: an unreachable provider never stops the gateway
 * from starting. The document is fetched once for all credentials, and each connection makes all checks of it anew
 * (OpenID Connect Discovery 1.0 §4.3).
 * @param id of the provider, for messages
 */
export function createConnect(id: string, config: IdentityProviderConfig): Connect {
  let document: Promise<RawDocument> | undefined
  const connections = new Map<ClientCredential, Promise<oidc.Configuration>>()

  const fetchDocument: oidc.CustomFetch = async (url, options) => {
    document ??= boundedFetch(url, options).then(readDocument)
    const { status, contentType, body } = await document
    return new Response(body, { status, headers: { 'content-type': contentType } })
  }

  return (credential) => {
    const connection =
      connections.get(credential) ??
      discover(config, credential, fetchDocument).catch((cause: unknown) => {
        document = undefined
        connections.delete(credential)
        throw new Refusal('provider_unreachable', `discovery of ${id} at ${config.issuer} failed`, { cause })
      })
    connections.set(credential, connection)
    return connection
  }
}

async function readDocument(response: Response): Promise<RawDocument> {
  const contentType = response.headers.get('content-type') ?? ''
  return { status: response.status, contentType, body: await response.text() }
}

async function discover(
  config: IdentityProviderConfig,
  { clientId, clientSecret }: ClientCredential,
  fetchDocument: oidc.CustomFetch,
): Promise<oidc.Configuration> {
  const issuer = new URL(config.issuer)
  const authentication =
    config.authMethod === 'client_secret_basic'
      ? oidc.ClientSecretBasic(clientSecret)
      : oidc.ClientSecretPost(clientSecret)
  const execute = [oidc.enableNonRepudiationChecks]
  if (issuer.protocol === 'http:' && isLoopbackHost(issuer.hostname)) execute.push(oidc.allowInsecureRequests)
  const connection = await oidc.discovery(issuer, clientId, undefined, authentication, {
    execute,
    timeout: 10,
    [oidc.customFetch]: fetchDocument,
  })
  connection[oidc.customFetch] = (url, options) => boundedFetch(url, options)
  return connection
}
