import { SVG } from './names.ts'
import type { Element } from './tree.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Writes a drawing as XML that every reader reads alike: no prefix, no entity but XML's own, no space that gets lost. */
export function serialise(root: Element): string {
  return write(root, ` xmlns="${SVG}"`)
}

function write({ local, attributes, children }: Element, first = ''): string {
  const own = attributes.map(({ local: name, value }) => ` ${name}="${escape(value)}"`).join('')
  const inside = children.map((child) => (typeof child === 'string' ? escape(child) : write(child))).join('')
  return inside === '' ? `<${local}${first}${own}/>` : `<${local}${first}${own}>${inside}</${local}>`
}

function escape(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replace(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`)
}
