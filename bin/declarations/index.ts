import { join } from 'node:path'

import { type Declarations, printSettings } from './print.ts'
import { withType } from './program.ts'

const HEADER = `import type * as pulumi from '@pulumi/pulumi'

/**
 * A secret: the value, an output, or the name of an environment variable that has it. It is encrypted in the state.
 */
export type Secret = string | { env: string } | pulumi.Output<string>
`

const COMMENT =
  'What a Gateway is made of: what a stack file says under `gatewright:`. Everything but secrets has to be known when the program runs.'

/**
 * Writes the types of the library's arguments out, in the place of those that are read off the schema.
 * @param root of the project, absolute
 * @returns a declaration file with what infra/args.ts exports
 */
export function argumentTypes(root: string): string {
  const declarations: Declarations = withType(
    join(root, 'tsconfig.build.json'),
    join(root, 'infra', 'args.ts'),
    'GatewayArgs',
    (types, type) => printSettings(types, type, 'GatewayArgs', COMMENT),
  )
  return [HEADER, ...declarations.values()].join('\n')
}
