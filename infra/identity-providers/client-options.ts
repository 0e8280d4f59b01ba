import type * as pulumi from '@pulumi/pulumi'

/** What the stack file says of every client, whoever registers it. */
export interface ClientSettings {
  removal: 'allowed' | 'protected' | 'retained'
  /** Vendor's id of a client to take over. */
  import?: string | undefined
}

/**
 * How the engine is to treat a client.
 * @param find looks in the tenant for the vendor's id of a client of this very name: one that a deployment made, and died
 * before it was recorded. Taking it over instead of making another is all that keeps a tenant free of twins; where the
 * state knows it already, this changes nothing.
 */
export function clientOptions(
  settings: ClientSettings,
  parent: pulumi.Resource,
  find?: () => Promise<string | undefined>,
): pulumi.CustomResourceOptions {
  const options = {
    parent,
    protect: settings.removal === 'protected',
    retainOnDelete: settings.removal === 'retained',
  }
  if (settings.import !== undefined) return { ...options, import: settings.import }
  return find === undefined ? options : { ...options, transforms: [adopting(find)] }
}

/** A transform, since the option itself takes no promise. */
function adopting(find: () => Promise<string | undefined>): pulumi.ResourceTransform {
  return async ({ props, opts }) => {
    const id = await find()
    return { props, opts: id === undefined ? opts : { ...opts, import: id } }
  }
}
