import type { GoogleSettings } from '../../config/index.ts'
import { DIRECTORY_SCOPES } from './directory.ts'

/**
 * What somebody has to do by hand in Google's consoles, since no API does it.
 * @see https://support.google.com/cloud/answer/15549257
 */
export function byHand(
  clientId: string,
  redirectUris: readonly string[],
  { directory }: Pick<GoogleSettings, 'directory'>,
): string {
  return [
    `Google has no API for sign-in clients. At https://console.cloud.google.com/auth/clients the client ${clientId} needs`,
    'under "Authorized redirect URIs" exactly:',
    ...redirectUris.map((uri) => `  ${uri}`),
    'Sign-out needs nothing there: Google has no sign-out for apps, and people stay signed in to Google itself.',
    ...(directory === undefined ? [] : delegation(directory.impersonate)),
  ].join('\n')
}

function delegation(impersonate: string): string[] {
  return [
    'To read the directory, at https://admin.google.com/ac/owl/domainwidedelegation the client_id of the service',
    `account's key needs these scopes, and ${impersonate} an administrator's role that reads users and groups:`,
    ...DIRECTORY_SCOPES.map((scope) => `  ${scope}`),
  ]
}
