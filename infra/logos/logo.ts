import type { ImageConfig } from '../../runtime/config.ts'
import { LogoMistake, type Size } from './bytes.ts'
import { isJpeg, readJpeg } from './jpeg.ts'
import { isPng, readPng } from './png.ts'
import { readSvg } from './svg/index.ts'

/** A picture that is checked, as pages show it. */
export interface Logo {
  image: ImageConfig
  size: Size
}

/** It travels with the configuration, and to every browser that opens a page. */
const MAX_LOGO_BYTES = 64 * 1_024

const RECOMMENDED = 64

const NAMES = { 'image/png': 'PNG', 'image/jpeg': 'JPEG', 'image/svg+xml': 'SVG' } as const

/**
 * @param bytes how many a file has
 * @throws LogoMistake for more than a logo may have
 */
export function requireLight(bytes: number): void {
  if (bytes <= MAX_LOGO_BYTES) return
  const [found, most] = [Math.ceil(bytes / 1_024), MAX_LOGO_BYTES / 1_024]
  throw new LogoMistake(`has ${found} KiB; ${most} KiB is the most: make it smaller`)
}

/**
 * Makes a logo of a file: what it is, its bytes say and not its name. It is put together again from what a picture needs.
 * @throws LogoMistake (`logo_refused`) with what is wrong and what to do
 */
export function readLogo(bytes: Uint8Array): Logo {
  requireLight(bytes.length)
  if (isPng(bytes)) return asLogo('image/png', readPng(bytes))
  if (isJpeg(bytes)) return asLogo('image/jpeg', readJpeg(bytes))
  if (isMarkup(bytes)) return asLogo('image/svg+xml', readSvg(bytes))
  throw new LogoMistake('is no PNG, JPEG or SVG, whatever its name says')
}

/** @returns format, size and weight, for whoever looks at a preview */
export function describeLogo({ image, size: { width, height } }: Logo): string {
  const bytes = Buffer.byteLength(image.data, 'base64')
  const weight = bytes < 1_024 ? `${bytes} bytes` : `${(bytes / 1_024).toFixed(1)} KiB`
  const hint =
    width === RECOMMENDED && height === RECOMMENDED ? '' : ` (${RECOMMENDED} × ${RECOMMENDED} is recommended)`
  return `${NAMES[image.type]}, ${width} × ${height}${hint}, ${weight}`
}

function asLogo(type: ImageConfig['type'], { size, data }: { size: Size; data: Uint8Array }): Logo {
  return { image: { type, data: Buffer.from(data).toString('base64') }, size }
}

/** What begins with `<` after a byte order mark and spaces can be nothing else of the three. */
function isMarkup(bytes: Uint8Array): boolean {
  return /^\uFEFF?\s*</.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, 256)))
}
