import * as oidc from 'openid-client'

import type { IdentityProviderConfig } from '../config.ts'
import { SKEW_SECONDS } from '../keys/index.ts'
import { isLoopbackHost } from '../net/index.ts'
import { Refusal } from '../refusal.ts'
import { classify } from './classify.ts'
import { clientAuthentication } from './client-authentication.ts'
import type { ClientCredential } from './contract.ts'
import type { IssuerRule } from './issuer.ts'
import { createKeySource, type KeySource } from './keys.ts'
import { metadataFrom, type ProviderMetadata, readMetadata } from './metadata.ts'
import type { Transport } from './transport.ts'

/** What leads to one provider, for all credentials that we have there. */
export interface Connections {
  /** @throws Refusal `provider_unreachable`, `provider_answer_invalid` */
  metadata: () => Promise<ProviderMetadata>
  /** @returns the provider as one credential of ours speaks to it @throws as `metadata` does */
  connect: (credential: ClientCredential) => Promise<oidc.Configuration>
  keys: KeySource
}

/** Under this name openid-client reads Entra's placeholder in issuers, wherever the document came from. */
const READS_PLACEHOLDERS = new URL('https://login.microsoftonline.com/common/v2.0')

/**
 * Discovery happens at the first use and is tried again after a failure: an unreachable provider never stops the gateway
 * from starting. The document is fetched and checked once for all credentials; nothing is fetched where the endpoints are given.
 * @param id of the provider, for messages
 */
export function createConnections(
  id: string,
  config: IdentityProviderConfig,
  rule: IssuerRule,
  transport: Transport,
): Connections {
  let known: Promise<ProviderMetadata> | undefined
  const connections = new Map<ClientCredential, Promise<oidc.Configuration>>()
  const keys = createKeySource(id, transport, async () => (await metadata()).jwks_uri)

  function metadata(): Promise<ProviderMetadata> {
    known ??= discover(id, config, rule, transport).catch((error: unknown) => {
      known = undefined
      throw classify(id, error)
    })
    return known
  }

  async function open(credential: ClientCredential): Promise<oidc.Configuration> {
    const document = await metadata()
    const audience = config.tenants ? document.token_endpoint : undefined
    const authentication = await clientAuthentication(config.authMethod, credential, audience)
    const connection = await oidc.discovery(
      config.tenants ? READS_PLACEHOLDERS : new URL(config.issuer),
      credential.clientId,
      { [oidc.clockTolerance]: SKEW_SECONDS },
      authentication,
      {
        execute: [oidc.enableNonRepudiationChecks, ...(isLocal(config.issuer) ? [oidc.allowInsecureRequests] : [])],
        [oidc.customFetch]: async () => Response.json(document),
      },
    )
    const keysAddress = new URL(document.jwks_uri).href
    connection[oidc.customFetch] = (url, options) => {
      const asksForKeys = url === keysAddress && options.method === 'GET'
      return asksForKeys ? keys.answer() : transport(url, options)
    }
    return connection
  }

  return {
    metadata,
    keys,
    connect(credential) {
      const connection =
        connections.get(credential) ??
        open(credential).catch((error: unknown) => {
          connections.delete(credential)
          throw classify(id, error)
        })
      connections.set(credential, connection)
      return connection
    },
  }
}

async function discover(
  id: string,
  { issuer, endpoints }: IdentityProviderConfig,
  { announced }: IssuerRule,
  transport: Transport,
): Promise<ProviderMetadata> {
  if (endpoints) return metadataFrom(endpoints, announced)
  // OpenID Connect Discovery 1.0 §4.1: a slash at the end is taken away first.
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await transport(url, { method: 'GET', headers: { accept: 'application/json' } })
  if (response.status !== 200) {
    throw new Refusal('provider_unreachable', `discovery of ${id} at ${issuer} was answered by HTTP ${response.status}`)
  }
  const document: unknown = await response.json().catch(() => undefined)
  return readMetadata(document, announced)
}

function isLocal(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'http:' && isLoopbackHost(hostname)
}
