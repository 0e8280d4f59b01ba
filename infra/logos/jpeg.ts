import { checkSize, LogoMistake, type Size, slice, uint16 } from './bytes.ts'

const [START, END, SCAN] = [0xd8, 0xd9, 0xda]
/** JFIF, the colour profile (ICC) and Adobe's note on colours. */
const KEPT_APPLICATION = new Set([0xe0, 0xe2, 0xee])

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === START && bytes[2] === 0xff
}

/**
 * Reads a JPEG segment by segment and puts it together again from what a picture needs: without comments, places and
 * cameras, and with nothing behind its end.
 * @throws LogoMistake for one that is broken
 * @see ITU-T T.81, annex B
 */
export function readJpeg(bytes: Uint8Array): { size: Size; data: Uint8Array } {
  const kept: Uint8Array[] = [slice(bytes, 0, 2)]
  let size: Size | undefined
  for (let at = 2; ;) {
    if (bytes[at] !== 0xff) throw new LogoMistake('is broken: a segment does not begin where it has to')
    const marker = bytes[at + 1] ?? 0
    if (marker === END) break
    // Any number of them may stand before a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    let end = at + 2 + uint16(bytes, at + 2)
    if (isFrame(marker)) size ??= checkSize({ width: uint16(bytes, at + 7), height: uint16(bytes, at + 5) })
    if (marker === SCAN) end = endOfScan(bytes, end)
    const segment = slice(bytes, at, end)
    if (end < at + 4) throw new LogoMistake('is broken: a segment is shorter than its own length')
    if (isKept(marker)) kept.push(segment)
    at = end
  }
  if (size === undefined) throw new LogoMistake('is broken: it has no picture in it')
  return { size, data: Buffer.concat([...kept, Uint8Array.of(0xff, END)]) }
}

/** SOF0 to SOF15, among which are three others: DHT, JPG, DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function isKept(marker: number): boolean {
  const isApplication = marker >= 0xe0 && marker <= 0xef
  return isApplication ? KEPT_APPLICATION.has(marker) : marker !== 0xfe
}

/** In coded data 0xff is followed by 0, or by a restart marker (§B.1.1.5). */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = start; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  throw new LogoMistake('breaks off before its end')
}
