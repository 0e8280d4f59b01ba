import * as pulumi from '@pulumi/pulumi'

import { type GoogleSettings, serviceAccountKeyMistake, StackConfigError } from '../../config/index.ts'
import type { DirectoryCredential } from '../directory-credential.ts'

/**
 * All that reading users, groups and who is in which needs; what the administrator delegates to the service account.
 * @see https://developers.google.com/workspace/admin/directory/v1/guides/authorizing
 */
export const DIRECTORY_SCOPES = [
  'https://www.googleapis.com/auth/admin.directory.user.readonly',
  'https://www.googleapis.com/auth/admin.directory.group.readonly',
  'https://www.googleapis.com/auth/admin.directory.group.member.readonly',
]

/**
 * The brought service account as a credential.
 * @param id key of the provider in the stack file
 * @throws StackConfigError within the output, for a key that only the deployment knows and that is none
 */
export function directoryCredential(
  id: string,
  { serviceAccountKey, impersonate, apiUrl }: NonNullable<GoogleSettings['directory']>,
): pulumi.Output<DirectoryCredential> {
  return pulumi.secret(
    serviceAccountKey.apply((key) => {
      const mistake = serviceAccountKeyMistake(key)
      const path = `gatewright:identityProviders.${id}.directory.serviceAccountKey`
      if (mistake !== undefined) throw new StackConfigError([{ path, message: mistake }])
      return { kind: 'google' as const, apiUrl, serviceAccountKey: key, impersonate, scopes: DIRECTORY_SCOPES }
    }),
  )
}
