import * as z from 'zod'

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KiB: 1_024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
}

/** A number of bytes, or a text like `10MiB`. */
export const bytes = z
  .union([z.number(), z.string()])
  .transform((value) => (typeof value === 'number' ? value : inBytes(value)))
  .refine(
    (value) => Number.isSafeInteger(value) && value > 0,
    `write a number of bytes, or one with ${Object.keys(UNITS).join(', ')}, like 10MiB`,
  )

/** A time in seconds, down to a thousandth; a day at most. */
export const seconds = z
  .number()
  .min(0.001)
  .max(24 * 60 * 60)

function inBytes(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text) ?? []
  return Math.round(Number(number || Number.NaN) * (UNITS[unit] ?? Number.NaN))
}
