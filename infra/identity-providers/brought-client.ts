import * as pulumi from '@pulumi/pulumi'

import type { BroughtClient } from '../config/index.ts'
import type { ClientCredential } from './identity-provider.ts'

/**
 * The credentials of a client that somebody made by hand: the present one, and the former one while both are good. A client
 * that shows no credential has one without a secret.
 */
export function broughtCredentials(client: BroughtClient): ClientCredential[] {
  const clientId = pulumi.output(client.id)
  const present = client.secret ?? client.privateKey
  const previous = client.previousSecret ?? client.previousPrivateKey
  return [
    { name: 'present', clientId, ...(present && { clientSecret: present }) },
    ...(previous ? [{ name: 'previous', clientId, clientSecret: previous }] : []),
  ]
}

/** Tells whoever previews or deploys what has to be done by hand; nobody but a person can see whether it is done. */
export function advise(component: pulumi.Resource, advice: pulumi.Input<string>): void {
  pulumi.output(advice).apply((text) => pulumi.log.info(text, component))
}
