import * as pulumi from '@pulumi/pulumi'

import type { PingOneSettings } from '../../config/index.ts'
import { PingOneApplication } from '../../provider/index.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { marked } from '../mark.ts'
import { DESCRIPTION, directoryInputs, issuerOf } from './inputs.ts'
import { makeSecrets } from './secrets.ts'

/**
 * Makes the worker application that reads users and groups. Its secrets have the names of the client's, so that they are
 * rotated along.
 * @param displayName what the stack's things are called at the vendor
 * @returns a secret output
 */
export function makeDirectory(
  id: string,
  displayName: string,
  settings: PingOneSettings,
  parent: pulumi.Resource,
): pulumi.Output<DirectoryCredential> {
  const name = `${id}-directory`
  const description = marked(DESCRIPTION, name, parent)
  const args = { ...directoryInputs(settings, `${displayName} directory`), description }
  const worker = new PingOneApplication(name, args, { parent })
  const [preferred] = makeSecrets(name, worker, settings, parent)
  if (preferred === undefined) throw new Error(`${id} has no name in clientSecrets`)
  const { clientId, clientSecret } = preferred
  const { domain, environmentId } = settings
  return pulumi.secret({
    kind: 'pingone' as const,
    apiUrl: `https://api.${domain}/v1`,
    issuer: issuerOf(settings),
    environmentId,
    clientId,
    clientSecret,
  })
}
