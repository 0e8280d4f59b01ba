import * as pulumi from '@pulumi/pulumi'
import type { types } from '@pulumi/kubernetes'

import { metadata, NAME, type Owner } from './names.ts'
import type { PackedBundle } from './packed-bundle.ts'

/** Files of the ConfigMap. */
export const START_FILE = 'start.mjs'
const PACKED_FILE = 'gateway.mjs.br'

/**
 * Unpacks the program in memory and runs it, since nothing can be written where it lies; stack traces name `gateway.mjs`.
 * @see https://nodejs.org/api/module.html#moduleregisterhooksoptions
 */
const START = `import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { brotliDecompressSync } from 'node:zlib'

const program = new URL('gateway.mjs', import.meta.url).href
const source = brotliDecompressSync(readFileSync(new URL('${PACKED_FILE}', import.meta.url)))
registerHooks({
  resolve: (name, context, next) => (name === program ? { url: program, shortCircuit: true } : next(name, context)),
  load: (url, context, next) => (url === program ? { format: 'module', source, shortCircuit: true } : next(url, context)),
})
await import(program)
`

/** @param suffix another one for each program */
export function bundleName(suffix: string): string {
  return `${NAME}-bundle-${suffix}`
}

/** The program and what starts it. The content is no secret, but nobody wants to see it in a preview. */
export function bundleManifest(
  owner: Owner,
  suffix: pulumi.Input<string>,
  packed: pulumi.Output<PackedBundle>,
): types.input.core.v1.ConfigMap {
  return {
    metadata: metadata(owner, pulumi.output(suffix).apply(bundleName)),
    immutable: true,
    data: { [START_FILE]: START },
    binaryData: { [PACKED_FILE]: pulumi.secret(packed.content) },
  }
}
