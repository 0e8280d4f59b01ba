import { LogoMistake } from '../bytes.ts'
import { DANGERS, ELEMENTS, GEOMETRY, NOTES, PROPERTIES, SVG, TEXTUAL, XHTML, XLINK, XML } from './names.ts'
import type { Attribute, Element } from './tree.ts'
import { checkDeclarations, checkStyleSheet, checkValue, ID } from './values.ts'

/** Who has a reference to another element, by `href`. */
const REFERRING: ReadonlySet<string> = new Set(['use', 'linearGradient', 'radialGradient'])

/**
 * Gives a drawing of which nothing is left but what is known to draw. What editors note for themselves stays behind; what
 * could do harm is not taken out but refused, for the picture is then not what it seems to be.
 * @throws LogoMistake that names the element
 */
export function clean(element: Element): Element {
  refuseDangers(element)
  if (element.local !== 'svg' || element.uri !== SVG) {
    throw new LogoMistake(`begins with <${element.local}>, and not with <svg xmlns="${SVG}">`)
  }
  return keep(element)
}

/** Everywhere, also in what would stay behind. */
function refuseDangers(element: Element): void {
  const { local, uri, attributes, children } = element
  const danger = DANGERS.get(local.toLowerCase())
  if (danger !== undefined && (uri !== SVG || !ELEMENTS.has(local)))
    throw new LogoMistake(`has <${local}>, which ${danger}`)
  if (uri === XHTML) throw new LogoMistake(`has <${local}> of HTML, which brings in a page`)
  for (const attribute of attributes) refuseDangerous(element, attribute)
  for (const child of children) if (typeof child !== 'string') refuseDangers(child)
}

function refuseDangerous(owner: Element, { local, uri, value }: Attribute): void {
  const element = owner.local
  if (/^on/i.test(local)) throw new LogoMistake(`has ${local} at <${element}>, which runs a script`)
  if (local === 'base' && uri === XML) throw new LogoMistake('has xml:base, which leads out of the picture')
  const isReference = owner.uri === SVG && /^(?:href|src)$/i.test(local) && (uri === '' || uri === XLINK)
  if (isReference && !/^\s*#/.test(value)) {
    throw new LogoMistake(`has ${local} at <${element}> that leads out of the picture: #id is all that may be`)
  }
  // What a browser leaves out of an address counts for nothing.
  if (/^(?:java|vb)script:/i.test(value.replace(/[\s\p{Cc}]/gu, ''))) {
    throw new LogoMistake(`has ${local} at <${element}>, which runs a script`)
  }
}

function keep(element: Element): Element {
  const { local, attributes, children } = element
  const kept = { local, uri: SVG, attributes: attributes.flatMap((attribute) => keepAttribute(local, attribute)) }
  if (local === 'style') return { ...kept, children: [checkStyleSheet(textOf(children))] }
  return { ...kept, children: children.flatMap((child) => keepChild(local, child)) }
}

function keepChild(parent: string, child: Element | string): (Element | string)[] {
  if (typeof child === 'string') return TEXTUAL.has(parent) ? [child] : []
  if (child.uri !== SVG || NOTES.has(child.local)) return []
  if (!ELEMENTS.has(child.local)) throw new LogoMistake(`has <${child.local}>, which is not among what a logo may have`)
  return [keep(child)]
}

function keepAttribute(element: string, { local, uri, value }: Attribute): Attribute[] {
  const made = (text: string): Attribute[] => (text === '' ? [] : [{ local, uri: '', value: text }])
  if (local === 'href' && (uri === '' || uri === XLINK)) {
    const id = value.trim().slice(1)
    return REFERRING.has(element) && ID.test(id) ? made(`#${id}`) : []
  }
  if (uri !== '') return []
  if (local === 'id') return ID.test(value) ? made(value) : []
  if (local === 'class') return made(/^[\w\s-]*$/.test(value) ? value.trim() : '')
  if (local === 'style') return made(checkDeclarations(value, `style of <${element}>`))
  return PROPERTIES.has(local) || GEOMETRY.has(local) ? made(checkValue(value, `${local} of <${element}>`)) : []
}

function textOf(children: readonly (Element | string)[]): string {
  return children.filter((child) => typeof child === 'string').join('')
}
