import { LogoMistake } from '../bytes.ts'
import { FUNCTIONS, PROPERTIES } from './names.ts'

/** A reference to something in the same picture. */
const OWN_URL = /url\(\s*(?:#([A-Za-z_][\w.-]*)|"#([A-Za-z_][\w.-]*)"|'#([A-Za-z_][\w.-]*)')\s*\)/gi

/** Where a declaration stands that is for any number of elements. */
const SHEET = '<style>'
/** What draws something else for each element that has it; how often is counted where it stands at the element. */
const DRAWING: ReadonlySet<string> = new Set(['clip-path', 'mask'])

/** A name that something in a picture may have. */
export const ID = /^[A-Za-z_][\w.-]*$/

/**
 * Checks the value of a property or an attribute: numbers, colours, words, and references within the picture.
 * @param where for the reader: `fill of <path>`
 * @returns the value, trimmed
 * @throws LogoMistake for whatever could reach outside, or be read in two ways
 */
export function checkValue(value: string, where: string): string {
  const rest = value.replace(OWN_URL, ' ')
  // An escape can spell any of the words that are looked for below.
  if (/[\\@<>{};]|\/\*/.test(rest))
    throw new LogoMistake(`has ${JSON.stringify(clip(value))} as ${where}, which no drawing needs`)
  for (const [, name = ''] of rest.matchAll(/([\w-]*)\s*\(/g)) {
    if (FUNCTIONS.has(name.toLowerCase())) continue
    const why = /^url$/i.test(name) ? 'leads out of the picture: url(#id) is all that may be' : 'is not allowed'
    throw new LogoMistake(`has ${JSON.stringify(clip(value))} as ${where}, where ${name}(…) ${why}`)
  }
  return value.trim()
}

/**
 * Checks what a `style` attribute or a rule declares, and keeps the properties that draw.
 * @throws LogoMistake as {@link checkValue}
 */
export function checkDeclarations(text: string, where: string): string {
  const kept = withoutComments(text)
    .split(';')
    .filter((part) => part.trim() !== '')
    .flatMap((part) => {
      const [name = '', ...rest] = part.split(':')
      const property = name.trim().toLowerCase()
      if (property === 'behavior' || property === '-moz-binding') {
        throw new LogoMistake(`has ${property} in ${where}, which runs a script`)
      }
      const value = checkValue(rest.join(':'), `${property} in ${where}`)
      if (where === SHEET && DRAWING.has(property) && /url/i.test(value)) {
        throw new LogoMistake(`has ${property} in <style>: write it at the element that it is for`)
      }
      return PROPERTIES.has(property) && value !== '' ? [`${property}:${value}`] : []
    })
  return kept.join(';')
}

/**
 * Checks a style sheet: simple rules, one after the other, without conditions or anything that is elsewhere.
 * @throws LogoMistake for every other
 */
export function checkStyleSheet(text: string): string {
  const sheet = withoutComments(text)
  const rule = /\s*([^{}]+)\{([^{}]*)\}/y
  const kept: string[] = []
  let end = 0
  for (let match = rule.exec(sheet); match !== null; match = rule.exec(sheet)) {
    end = rule.lastIndex
    const [, selector = '', declarations = ''] = match
    if (!/^[\w\s.#,>*+~-]+$/.test(selector)) {
      throw new LogoMistake(
        `has ${JSON.stringify(clip(selector))} in <style>: write classes, ids and names of elements alone`,
      )
    }
    const body = checkDeclarations(declarations, SHEET)
    if (body !== '') kept.push(`${selector.trim().replace(/\s+/g, ' ')}{${body}}`)
  }
  if (sheet.slice(end).trim() !== '') {
    throw new LogoMistake(`has ${JSON.stringify(clip(sheet.slice(end)))} in <style>, which is no simple rule`)
  }
  return kept.join('')
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, ' ')
}

/** A value in a message is there to be found again, not to be read whole. */
function clip(text: string): string {
  const line = text.trim()
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
