import { createRequire } from 'node:module'

import type * as saxes from 'saxes'

import { LogoMistake } from '../bytes.ts'

/** An attribute as XML has it, with its namespace; empty where it has none. */
export interface Attribute {
  local: string
  uri: string
  value: string
}

/** An element of a document. */
export interface Element {
  local: string
  uri: string
  attributes: Attribute[]
  children: (Element | string)[]
}

/** Nobody draws a logo of more; a browser takes time for each. */
const MOST_ELEMENTS = 2_000
/** Deeper is no drawing, and whoever walks it walks as deep. */
const DEEPEST = 40

/**
 * Parses an XML document without a document type, so that there are no entities but the five that XML has.
 * @returns its root
 * @throws LogoMistake for what is no UTF-8 or not well-formed, has a DOCTYPE or processing instructions, or is too much
 * @see https://www.w3.org/TR/xml/ https://www.w3.org/TR/xml-names/
 */
export function parseXml(bytes: Uint8Array): Element {
  const top: Element = { local: '', uri: '', attributes: [], children: [] }
  const parser = new (loadParser().SaxesParser)({ xmlns: true })
  listen(parser, top)
  try {
    parser.write(decode(bytes)).close()
  } catch (error) {
    if (error instanceof LogoMistake) throw error
    throw new LogoMistake(`is no well-formed XML: ${(error as Error).message}`, { cause: error })
  }
  const root = top.children.find((child) => typeof child !== 'string')
  if (root === undefined) throw new LogoMistake('has no element in it')
  return root
}

function listen(parser: saxes.SaxesParser<{ xmlns: true }>, top: Element): void {
  const open: Element[] = [top]
  let count = 0
  const add = (child: Element | string): unknown => open.at(-1)?.children.push(child)
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!/^utf-?8$/i.test(encoding)) throw new LogoMistake(`says that it is ${encoding}: save it as UTF-8`)
  })
  parser.on('doctype', () => {
    throw new LogoMistake('has a DOCTYPE, by which entities and other files come in: take that line out')
  })
  parser.on('processinginstruction', ({ target }) => {
    throw new LogoMistake(`has a processing instruction (<?${target}): take it out`)
  })
  parser.on('opentag', ({ local, uri, attributes }) => {
    count += 1
    if (count > MOST_ELEMENTS) throw new LogoMistake(`has more than ${MOST_ELEMENTS} elements: make it simpler`)
    if (open.length > DEEPEST) throw new LogoMistake(`has elements within elements, more than ${DEEPEST} deep`)
    const element: Element = { local, uri, attributes: Object.values(attributes).map(plain), children: [] }
    add(element)
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  parser.on('text', add)
  parser.on('cdata', add)
}

function plain({ local, uri, value }: Attribute): Attribute {
  return { local, uri, value }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new LogoMistake('is no UTF-8 text', { cause })
  }
}

/** Loaded when it is needed: most stacks have no such logo, and every preview waits for what is loaded. */
function loadParser(): typeof saxes {
  return createRequire(import.meta.url)('saxes') as typeof saxes
}
