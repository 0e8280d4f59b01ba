import * as pulumi from '@pulumi/pulumi'

import type { ClientRequest } from './identity-provider.ts'

/** What the stack file says of every client, whoever registers it. */
export interface ClientSettings {
  removal: 'allowed' | 'protected' | 'retained'
  /** Vendor's id of a client to take over. */
  import?: string | undefined
}

/**
 * How the client of one relying party is to be treated: what is said of every client of the provider, and what is taken over
 * for this one alone.
 */
export function clientSettings(
  { removal }: Pick<ClientSettings, 'removal'>,
  { import: taken }: Pick<ClientRequest, 'import'>,
): ClientSettings {
  return { removal, import: taken }
}

/**
 * Looks in the tenant for what a deployment of this very stack made, and died before it was recorded.
 * @param inputs of the resource, without those that are not known yet
 * @returns the vendor's id
 */
export type FindOwn = (inputs: Readonly<Record<string, unknown>>) => Promise<string | undefined>

/**
 * How the engine is to treat a client.
 * @param find Taking over what it finds instead of making another is all that keeps a tenant free of twins; where the
 * state knows it already, this changes nothing. It must not find what somebody else made: that would be changed, and
 * deleted when the stack goes.
 */
export function clientOptions(
  settings: ClientSettings,
  parent: pulumi.Resource,
  find?: FindOwn,
): pulumi.CustomResourceOptions {
  const options = {
    parent,
    // Left out otherwise: whoever protects a component of the library protects what is inside.
    ...(settings.removal === 'protected' && { protect: true }),
    retainOnDelete: settings.removal === 'retained',
  }
  if (settings.import !== undefined) return { ...options, import: settings.import }
  return find === undefined ? options : { ...options, transforms: [adopting(find)] }
}

/** A transform, since the option itself takes no promise. */
function adopting(find: FindOwn): pulumi.ResourceTransform {
  return async ({ props, opts }) => {
    const id = await find(await knownInputs(props))
    return { props, opts: id === undefined ? opts : { ...opts, import: id } }
  }
}

/** A transform is given outputs, of which only the wire form tells that a preview does not know them yet. */
async function knownInputs(props: pulumi.Inputs): Promise<Record<string, unknown>> {
  const inputs = await pulumi.runtime.serializeProperties('inputs', props)
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== pulumi.runtime.unknownValue))
}
