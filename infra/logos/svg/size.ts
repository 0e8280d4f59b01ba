import { LogoMistake, type Size } from '../bytes.ts'
import { attributeOf } from './references.ts'
import type { Element } from './tree.ts'

/** Pixels of CSS in a unit (CSS Values and Units 4 §6.2). */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
}

/**
 * How large a drawing says that it is, and where it does not, how large its own coordinates are.
 * @throws LogoMistake where it says neither
 */
export function sizeOf(root: Element): Size {
  const said = { width: length(attributeOf(root, 'width')), height: length(attributeOf(root, 'height')) }
  const [, , boxWidth = 0, boxHeight = 0] = (attributeOf(root, 'viewBox') ?? '').split(/[\s,]+/).map(Number)
  const { width = boxWidth, height = boxHeight } = said
  if (!(width > 0 && height > 0 && Number.isFinite(width * height))) {
    throw new LogoMistake('does not say how large it is: give <svg> a viewBox, like viewBox="0 0 64 64"')
  }
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) }
}

function length(text: string | undefined): number | undefined {
  const [, number = '', unit = ''] = /^([\d.]+)([a-z]*)$/.exec(text ?? '') ?? []
  const factor = UNITS[unit]
  return number === '' || factor === undefined ? undefined : Number(number) * factor
}
