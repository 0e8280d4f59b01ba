import { type Look, type Markup, pagination } from '../pages/index.ts'
import type { Page } from '../store/index.ts'
import { withQuery } from './paths.ts'

/** Where in a long list somebody is. */
export interface Place {
  /** `next` of the part before; undefined at the beginning. */
  after: string | undefined
  /** The same of the parts before that one, for the way back. */
  trail: readonly string[]
}

/** Longer ways back begin anew at the newest. */
const LONGEST_TRAIL = 20
/** None that a store makes is longer. */
const LONGEST_CURSOR = 100

/** What stands between cursors; no cursor has one. */
const SEPARATOR = ','

/** Reads a place from an address; what is no place is the beginning. */
export function readPlace(query: URLSearchParams): Place {
  const after = query.get('after') ?? ''
  const trail = (query.get('trail') ?? '').split(SEPARATOR).slice(-LONGEST_TRAIL)
  const isCursor = (text: string): boolean => text !== '' && text.length <= LONGEST_CURSOR
  return { after: isCursor(after) ? after : undefined, trail: trail.filter(isCursor) }
}

/**
 * The ways to the parts next to this one.
 * @param filter what else stands in the address
 * @param note what is shown
 */
export function ways(
  look: Pick<Look, 'language'>,
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  { after, trail }: Place,
  { next }: Pick<Page<unknown>, 'next'>,
  note: string,
): Markup {
  const at = (to: string | undefined, by: readonly string[]): string =>
    withQuery(path, { ...filter, after: to, trail: by.slice(-LONGEST_TRAIL).join(SEPARATOR) })
  const newerHref = after === undefined ? undefined : at(trail.at(-1), trail.slice(0, -1))
  const olderHref = next === undefined ? undefined : at(next, after === undefined ? trail : [...trail, after])
  return pagination(look, { newerHref, olderHref, note })
}

/** A number as people read it. */
export function count(amount: number): string {
  return new Intl.NumberFormat('en').format(amount)
}

/** @param one `account`; the plural has an s */
export function counted(amount: number, one: string): string {
  return `${count(amount)} ${one}${amount === 1 ? '' : 's'}`
}
