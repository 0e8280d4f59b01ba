import type { Size } from '../bytes.ts'
import { clean } from './clean.ts'
import { requireBounded } from './references.ts'
import { serialise } from './serialise.ts'
import { sizeOf } from './size.ts'
import { parseXml } from './tree.ts'

/**
 * Reads an SVG and writes it anew from what is known to draw, so that a browser shows what was checked.
 * @throws LogoMistake (`logo_refused`) for what could run a script, reach outside, or grow beyond measure
 * @see https://www.w3.org/TR/SVG2/ https://www.w3.org/TR/svg-integration/#secure-static-mode
 */
export function readSvg(bytes: Uint8Array): { size: Size; data: Uint8Array } {
  const drawing = clean(parseXml(bytes))
  requireBounded(drawing)
  return { size: sizeOf(drawing), data: Buffer.from(serialise(drawing)) }
}
