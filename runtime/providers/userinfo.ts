import * as oidc from 'openid-client'

/**
 * What a provider says about a person beside the ID token; its subject must be the ID token's (OpenID Connect Core §5.3.2).
 * @returns nothing where the provider has no such address
 * @throws what openid-client throws
 */
export async function readUserInfo(
  connection: oidc.Configuration,
  accessToken: string,
  subject: string,
): Promise<Record<string, unknown> | undefined> {
  if (!connection.serverMetadata().userinfo_endpoint) return undefined
  return oidc.fetchUserInfo(connection, accessToken, subject)
}
