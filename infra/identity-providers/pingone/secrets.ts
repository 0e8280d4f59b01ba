import type * as pulumi from '@pulumi/pulumi'

import type { PingOneSettings } from '../../config/index.ts'
import { type PingOneApplication, PingOneApplicationSecret } from '../../provider/index.ts'
import type { SecretCredential } from '../identity-provider.ts'
import { connectionOf } from './inputs.ts'

/**
 * Makes an application's secrets, a resource for each name in `clientSecrets`. Of two, the second is the older one, beside
 * which the first is made.
 * @param name logical name of the application
 */
export function makeSecrets(
  name: string,
  application: PingOneApplication,
  settings: PingOneSettings,
  parent: pulumi.Resource,
): SecretCredential[] {
  const { clientId, bornWith } = application
  let older: pulumi.Output<string> | undefined
  const oldestFirst = settings.clientSecrets.toReversed().map((secretName): SecretCredential => {
    const beside = older === undefined ? {} : { beside: older }
    const args = { ...connectionOf(settings), applicationId: clientId, bornWith, ...beside }
    const { clientSecret } = new PingOneApplicationSecret(`${name}-${secretName}`, args, { parent })
    older = clientSecret
    return { name: secretName, clientId, clientSecret }
  })
  return oldestFirst.toReversed()
}
