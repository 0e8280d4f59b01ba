import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

import { bundleProgram } from '../bundle.ts'
import { KubernetesTargetError, MAX_CONFIG_MAP } from './errors.ts'

/** A program small enough for a ConfigMap. */
export interface PackedBundle {
  /** Brotli (RFC 7932), in base64. */
  content: string
  /** SHA-256 over what is packed, hex. */
  digest: string
}

/** Of a program that is packed: beside the bundle that it was made from. */
const PACKED_SUFFIX = '.mjs.br'

/** What is left for the lines that start it, in bytes. */
const ROOM_FOR_START = 4_096

/** A tenth of the time, for a tenth more bytes; the best one is for a program that would not fit otherwise. */
const QUALITIES = [9, constants.BROTLI_MAX_QUALITY] as const

const compress = promisify(brotliCompress)

/**
 * Gives the gateway's program packed. Packing takes a second, and every preview comes by here: what was packed of this very
 * bundle is kept.
 * @param folder where bundles lie
 * @returns the ready-made one where the package brings it
 * @throws KubernetesTargetError `bundle_too_large`
 */
export async function packGateway(folder: string): Promise<PackedBundle> {
  const { file, digest } = await bundleProgram('gateway', folder)
  const kept = join(folder, `gateway-${digest.slice(0, 16)}${PACKED_SUFFIX}`)
  const known = [`${file}.br`, kept].find((place) => existsSync(place))
  const content = known === undefined ? await pack(readFileSync(file)) : readFileSync(known)
  if (known === undefined) keep(kept, content)
  return { content: content.toString('base64'), digest: createHash('sha256').update(content).digest('hex') }
}

/** Another preview may read the file while it is written. */
function keep(file: string, content: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.${process.pid}`, content)
  renameSync(`${file}.${process.pid}`, file)
}

/**
 * Compresses a program, as well as is needed to fit.
 * @param limit in bytes
 * @throws KubernetesTargetError `bundle_too_large`
 */
export async function pack(source: Uint8Array, limit = MAX_CONFIG_MAP - ROOM_FOR_START): Promise<Buffer> {
  let size = 0
  for (const quality of QUALITIES) {
    const content = await compress(source, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
      },
    })
    if (content.length <= limit) return content
    size = content.length
  }
  throw new KubernetesTargetError(
    'bundle_too_large',
    `the program has ${size} bytes when it is packed, and a ConfigMap takes ${limit}: put it into an image of your own (target.bundle: image, docs/kubernetes.md)`,
  )
}
