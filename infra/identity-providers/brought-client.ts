import * as pulumi from '@pulumi/pulumi'

import type { BroughtClient } from '../config/index.ts'
import type { ClientCredential } from './identity-provider.ts'

/** The credentials of a client that somebody made by hand: the present one, and the former one while both are good. */
export function broughtCredentials({ id, secret, previousSecret }: BroughtClient): ClientCredential[] {
  const clientId = pulumi.output(id)
  const present = { name: 'present', clientId, clientSecret: secret }
  return previousSecret ? [present, { name: 'previous', clientId, clientSecret: previousSecret }] : [present]
}

/** Tells whoever previews or deploys what has to be done by hand; nobody but a person can see whether it is done. */
export function advise(component: pulumi.Resource, advice: string): void {
  void pulumi.log.info(advice, component)
}
