import { checkSize, LogoMistake, type Size } from '../bytes.ts'
import { attributeOf } from './references.ts'
import type { Element } from './tree.ts'

/** Pixels of CSS in a unit (CSS Values and Units 4 §6.2). Those of a font are not here: the drawing says itself how large that is. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
}

/** A number as SVG writes it, also with an exponent, and its unit (SVG 2 §4.3). */
const LENGTH = /^\+?((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)$/i

/**
 * How large a drawing says that it is, and where it does not, how large its own coordinates are: those may be as fine as
 * they like, for nothing is drawn by them before a page says how large.
 * @throws LogoMistake where it says neither, or says that it is larger than a logo may be
 */
export function sizeOf(root: Element): Size {
  const said = { width: length(root, 'width'), height: length(root, 'height') }
  const [, , boxWidth = 0, boxHeight = 0] = (attributeOf(root, 'viewBox') ?? '').split(/[\s,]+/).map(Number)
  const { width = boxWidth, height = boxHeight } = said
  if (!(width > 0 && height > 0 && Number.isFinite(width * height))) {
    throw new LogoMistake('does not say how large it is: give <svg> a viewBox, like viewBox="0 0 64 64"')
  }
  checkSize({ width: pixels(said.width ?? 1), height: pixels(said.height ?? 1) })
  return { width: pixels(width), height: pixels(height) }
}

function pixels(exact: number): number {
  return Math.max(1, Math.round(exact))
}

/**
 * @returns pixels; undefined where it is left to whoever shows the picture
 * @throws LogoMistake for what a browser might read as a length and we do not
 */
function length(root: Element, name: 'width' | 'height'): number | undefined {
  const text = attributeOf(root, name)
  if (text === undefined || text === 'auto' || /^[\d.]+%$/.test(text)) return undefined
  const [, number, unit = ''] = LENGTH.exec(text) ?? []
  const factor = UNITS[unit.toLowerCase()]
  if (number === undefined || factor === undefined) {
    throw new LogoMistake(
      `has ${JSON.stringify(text.slice(0, 60))} as ${name} of <svg>: write pixels, like ${name}="64"`,
    )
  }
  return Number(number) * factor
}
