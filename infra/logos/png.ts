import { crc32 } from 'node:zlib'

import { checkSize, LogoMistake, type Size, slice, uint32 } from './bytes.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** What a still picture is drawn from; texts, dates, places and animations stay behind. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'pHYs'])

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte)
}

/**
 * Reads a PNG chunk by chunk and puts it together again from what a picture needs: nothing hides between or behind.
 * @throws LogoMistake for one that is broken
 * @see https://www.w3.org/TR/png-3/#5Chunk-layout
 */
export function readPng(bytes: Uint8Array): { size: Size; data: Uint8Array } {
  const kept: Uint8Array[] = [Uint8Array.from(SIGNATURE)]
  let size: Size | undefined
  let hasPixels = false
  for (let at = SIGNATURE.length; ;) {
    const length = uint32(bytes, at)
    const end = at + 12 + length
    const chunk = slice(bytes, at, end)
    const type = Buffer.from(slice(bytes, at + 4, at + 8)).toString('latin1')
    if (crc32(chunk.subarray(4, length + 8)) !== uint32(bytes, end - 4))
      throw new LogoMistake(`is broken: the checksum of ${JSON.stringify(type)} is wrong`)
    if ((type === 'IHDR') !== (size === undefined)) throw new LogoMistake('is broken: IHDR has to be first, and once')
    if (type === 'IHDR') size = checkSize({ width: uint32(bytes, at + 8), height: uint32(bytes, at + 12) })
    hasPixels ||= type === 'IDAT'
    if (KEPT.has(type)) kept.push(chunk)
    // An upper-case letter: whoever does not know the chunk cannot draw the picture (§5.4).
    else if (/^[A-Z]/.test(type)) throw new LogoMistake(`has a part that is not known: ${JSON.stringify(type)}`)
    if (type === 'IEND') break
    at = end
  }
  if (!hasPixels || size === undefined) throw new LogoMistake('is broken: it has no picture in it')
  return { size, data: Buffer.concat(kept) }
}
