import { contrast } from '../contrast.ts'

/** A colour as `#rrggbb`. */
type Channels = readonly [red: number, green: number, blue: number]

/** Black or white, whichever is read better on a colour; one of them always has 4.5. */
export function inkOn(color: string): '#000000' | '#ffffff' {
  return contrast(color, '#ffffff') >= contrast(color, '#000000') ? '#ffffff' : '#000000'
}

/**
 * A colour with some of another in it.
 * @param share of the other, 0 to 1
 */
export function mix(color: string, other: string, share: number): string {
  const others = channels(other)
  const mixed = channels(color).map((value, index) => Math.round(value * (1 - share) + (others[index] ?? 0) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function channels(color: string): Channels {
  const value = Number.parseInt(color.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}
