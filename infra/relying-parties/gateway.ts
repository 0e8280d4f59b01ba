import {
  backChannelLogoutUrl,
  callbackUrl,
  frontChannelLogoutUrl,
  type ImageConfig,
  signedOutUrl,
} from '../../runtime/config.ts'
import type { ClientRequest } from '../identity-providers/index.ts'

/** What our own gateway is called among relying parties; no other may be. */
export const GATEWAY = 'gateway'

/** Origins of login hosts, at least one: the first is named where a client has room for one address. */
export type LoginUrls = readonly [string, ...string[]]

/**
 * What our own gateway asks of an identity provider: one client for all login hosts that offer it. A client has one address
 * for sign-outs that the provider tells of; every login host takes them for the sessions of all.
 * @param displayName what things of this stack are called at a vendor
 * @param own the logo of the brand whose login host is the first, and the vendor's id of a client to take over
 */
export function gatewayClient(
  identityProvider: string,
  urls: LoginUrls,
  displayName: string,
  { logo, import: taken }: { logo?: ImageConfig | undefined; import?: string | undefined } = {},
): ClientRequest {
  const [home] = urls
  return {
    relyingParty: GATEWAY,
    clientName: displayName,
    redirectUris: urls.map((url) => callbackUrl(url, identityProvider)),
    postLogoutRedirectUris: urls.map(signedOutUrl),
    backChannelLogoutUri: backChannelLogoutUrl(home, identityProvider),
    frontChannelLogoutUri: frontChannelLogoutUrl(home, identityProvider),
    homeUrl: home,
    pkce: true,
    ...(taken === undefined ? {} : { import: taken }),
    ...(logo ? { logo: { image: logo, url: brandLogoUrl(home) } } : {}),
  }
}

/** As `runtime/pages` serves it (`BRAND_LOGO_PATH`), which a preview does not load. */
function brandLogoUrl(loginUrl: string): string {
  return `${loginUrl}/logo/brand`
}
