import * as pulumi from '@pulumi/pulumi'

import { SecretKey } from '../provider/index.ts'

/** In random bytes. */
const LENGTH = 16

/**
 * Puts an unguessable end to a text that stands at a vendor's thing. It is made once and kept in the state, so that what
 * bears it was made by this very stack. A name does not tell that: every developer's local stack has the same.
 * @param name logical name of the thing; the mark's own has a dot, which no name of a stack file has
 * @returns no secret: it stands in the vendor's console
 */
export function marked(text: string, name: string, parent: pulumi.Resource): pulumi.Output<string> {
  const { value } = new SecretKey(`${name}.mark`, { bytes: LENGTH }, { parent })
  return pulumi.unsecret(value.apply((mark) => `${text} [${mark}]`))
}
