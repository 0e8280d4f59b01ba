/** One of Microsoft's clouds. */
export interface EntraCloud {
  /** As the official plugin calls it. */
  environment: 'public' | 'usgovernment' | 'china'
  /** Where Microsoft Graph is. */
  graphUrl: string
}

const CHINA: EntraCloud = { environment: 'china', graphUrl: 'https://microsoftgraph.chinacloudapi.cn' }

const clouds: Readonly<Record<string, EntraCloud>> = {
  'https://login.microsoftonline.com': { environment: 'public', graphUrl: 'https://graph.microsoft.com' },
  'https://login.microsoftonline.us': { environment: 'usgovernment', graphUrl: 'https://graph.microsoft.us' },
  'https://login.partner.microsoftonline.cn': CHINA,
  'https://login.chinacloudapi.cn': CHINA,
}

/**
 * The cloud whose tenants sign in at an address.
 * @param authority an origin
 * @returns undefined for an address of no cloud that is known here: a private one, which describes itself
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/authentication-national-cloud
 */
export function entraCloud(authority: string): EntraCloud | undefined {
  return Object.hasOwn(clouds, authority) ? clouds[authority] : undefined
}
