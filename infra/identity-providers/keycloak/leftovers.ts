import type * as pulumi from '@pulumi/pulumi'

import { StackConfigError } from '../../config/index.ts'
import { describeError } from '../../provider/index.ts'
import { type AdministeredRealm, type AskRealm, openRealm } from './admin.ts'
import { GROUPS } from './inputs.ts'

/** What we look at of Keycloak's ClientRepresentation. */
export interface FoundClient {
  id: string
  description?: string
  protocolMappers?: readonly { id: string; name: string }[]
}

/**
 * Runs before the engine makes a resource, and never in a preview.
 * @param clear its failure is that of the resource
 */
export function beforeCreate(clear: () => Promise<void>): pulumi.ResourceHookBinding {
  const hook = (): Promise<void> =>
    clear().catch((cause: unknown) => {
      // The engine shows nothing of an error but its message.
      throw new Error(describeError(cause), { cause })
    })
  return { beforeCreate: [hook] }
}

/**
 * What a client is that has our id although the state knows none:
 * `free` there is none; `leftover` a deployment of this stack made it and was killed before it could record it, so that
 * nobody ever got its secret; `foreign` it is somebody's, be it another stack's.
 * @param description with the stack's mark
 */
export function judge(found: FoundClient | undefined, description: string): 'free' | 'leftover' | 'foreign' {
  if (found === undefined) return 'free'
  // The mapper is made as soon as the client is recorded.
  const wasRecorded = found.protocolMappers?.some(({ name }) => name === GROUPS) === true
  return found.description === description && !wasRecorded ? 'leftover' : 'foreign'
}

/**
 * Before the engine makes a client: takes away what a killed deployment left under its id, which Keycloak gives only once.
 * A look-up and `import` cannot do that here: the plugin imports by `<realm>/<id>` and records `<id>`, so that the engine
 * would take a client that it has made for another one, replace it, and so delete it.
 * @param providerId key in the stack file
 * @param description with the stack's mark
 * @throws StackConfigError where the client is not ours to delete; what openRealm throws
 */
export async function clearClient(
  providerId: string,
  realm: AdministeredRealm,
  clientId: string,
  description: string,
): Promise<void> {
  const ask = await openRealm(realm)
  const found = await findClient(ask, clientId)
  const verdict = judge(found, description)
  if (verdict === 'foreign') throw alreadyThere(providerId, realm.realm, clientId, found?.id ?? '')
  if (verdict === 'leftover') await ask('DELETE', `/clients/${found?.id}`)
}

/**
 * Before the engine makes the groups mapper of a client: takes away one of its name, whoever made it, for a client cannot
 * have two. Here, too, a killed deployment may have left one.
 */
export async function clearMapper(realm: AdministeredRealm, clientId: string): Promise<void> {
  const ask = await openRealm(realm)
  const client = await findClient(ask, clientId)
  for (const { id, name } of client?.protocolMappers ?? []) {
    if (name === GROUPS) await ask('DELETE', `/clients/${client?.id}/protocol-mappers/models/${id}`)
  }
}

async function findClient(ask: AskRealm, clientId: string): Promise<FoundClient | undefined> {
  const found = (await ask('GET', `/clients?clientId=${encodeURIComponent(clientId)}`)) as FoundClient[]
  return found[0]
}

function alreadyThere(providerId: string, realm: string, clientId: string, id: string): StackConfigError {
  const what = `the realm ${realm} has a client ${clientId} already, which is not in the state of this stack.`
  const remedy = `Take it over with import: ${id}, or delete it in the realm if nobody uses it`
  return new StackConfigError([{ path: `gatewright:identityProviders.${providerId}`, message: `${what} ${remedy}` }])
}
