/** What keeps a file from being a logo, in words; it is told with the file's name. */
export class LogoMistake extends Error {
  readonly code = 'logo_refused'
}

/** Width and height in pixels of CSS; of an SVG they say no more than its proportions. */
export interface Size {
  width: number
  height: number
}

/** More than any button shows, and little enough for a browser to unpack. */
const LONGEST_SIDE = 2_048

/** @throws LogoMistake for a picture that is empty or unpacks to too much */
export function checkSize({ width, height }: Size): Size {
  if (!(width > 0) || !(height > 0)) throw new LogoMistake(`has no size: ${width} × ${height}`)
  if (width > LONGEST_SIDE || height > LONGEST_SIDE) {
    throw new LogoMistake(
      `is ${width} × ${height} pixels; ${LONGEST_SIDE} × ${LONGEST_SIDE} is the most, and 64 × 64 is recommended`,
    )
  }
  return { width, height }
}

/** @throws LogoMistake where the bytes end before that */
export function slice(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (end > bytes.length || start > end) throw new LogoMistake('breaks off before its end')
  return bytes.subarray(start, end)
}

/** @returns the unsigned number of 16 bits, high byte first @throws LogoMistake where the bytes end before that */
export function uint16(bytes: Uint8Array, at: number): number {
  const [high = 0, low = 0] = slice(bytes, at, at + 2)
  return high * 256 + low
}

/** @returns the unsigned number of 32 bits, high byte first @throws LogoMistake where the bytes end before that */
export function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 65_536 + uint16(bytes, at + 2)
}
