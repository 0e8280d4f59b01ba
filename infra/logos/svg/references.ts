import { LogoMistake } from '../bytes.ts'
import type { Element } from './tree.ts'

/** What a browser draws in the end, copies counted. */
const MOST_DRAWN = 10_000

/**
 * Counts what is drawn when every reference is followed: copies of copies grow beyond all measure in a few lines.
 * @throws LogoMistake where it is too much, or goes round in circles
 */
export function requireBounded(root: Element): void {
  const byId = new Map<string, Element>()
  for (const element of walk(root)) {
    const id = attributeOf(element, 'id')
    // The first of several counts, as it does in browsers.
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
  }
  const weights = new Map<Element, number | 'open'>()
  const weigh = (element: Element): number => {
    const known = weights.get(element)
    if (known === 'open') throw new LogoMistake('has a reference that leads to itself')
    if (known !== undefined) return known
    weights.set(element, 'open')
    const children = element.children.filter((child) => typeof child !== 'string')
    const targets = referencesOf(element).map((id) => byId.get(id))
    const drawn = [...children, ...targets.filter((target) => target !== undefined)]
    const weight = drawn.reduce((sum, other) => sum + weigh(other), 1)
    if (weight > MOST_DRAWN)
      throw new LogoMistake(`draws more than ${MOST_DRAWN} things by references: make it simpler`)
    weights.set(element, weight)
    return weight
  }
  weigh(root)
}

/** Ids of what is copied, painted with, cut out by. A gradient that takes its stops from another draws them once. */
function referencesOf({ local, attributes }: Element): string[] {
  return attributes.flatMap(({ local: name, value }) => {
    if (name === 'href') return local === 'use' ? [value.slice(1)] : []
    return [...value.matchAll(/url\(\s*["']?#([\w.-]+)/gi)].map(([, id = '']) => id)
  })
}

/** @returns the value of an attribute without a namespace */
export function attributeOf({ attributes }: Element, name: string): string | undefined {
  return attributes.find(({ local }) => local === name)?.value
}

function* walk(element: Element): Generator<Element> {
  yield element
  for (const child of element.children) if (typeof child !== 'string') yield* walk(child)
}
