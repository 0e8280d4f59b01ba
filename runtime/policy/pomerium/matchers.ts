import { didYouMean } from '../nearest.ts'
import { all, atom, comparison, type Condition, not, text } from './condition.ts'
import { Mistake } from './problem.ts'

/** A text that can be asked about, and how each question about it is written. */
export interface Subject {
  is(value: string): Condition
  startsWith(value: string): Condition
  endsWith(value: string): Condition
  contains(value: string): Condition
  oneOf(values: readonly string[]): Condition
}

/** @param cel an expression that yields a string */
export function subject(cel: string): Subject {
  return {
    is: (value) => comparison(`${cel} == ${text(value)}`),
    startsWith: (value) => atom(`${cel}.startsWith(${text(value)})`),
    endsWith: (value) => atom(`${cel}.endsWith(${text(value)})`),
    contains: (value) => atom(`${cel}.contains(${text(value)})`),
    oneOf: (values) => comparison(`${cel} in [${values.map(text).join(', ')}]`),
  }
}

const STRING_OPERATORS = {
  is: (of: Subject, value: unknown) => of.is(oneText(value)),
  not: (of: Subject, value: unknown) => not(of.is(oneText(value))),
  starts_with: (of: Subject, value: unknown) => of.startsWith(oneText(value)),
  ends_with: (of: Subject, value: unknown) => of.endsWith(oneText(value)),
  contains: (of: Subject, value: unknown) => of.contains(oneText(value)),
  in: (of: Subject, value: unknown) => of.oneOf(texts(value)),
  not_in: (of: Subject, value: unknown) => not(of.oneOf(texts(value))),
}

/**
 * A string matcher: a text, or a map of operators that must all hold.
 * @throws Mistake
 * @see https://www.pomerium.com/docs/internals/ppl#string-matcher
 */
export function matchString(of: Subject, data: unknown): Condition {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? operators(data as Record<string, unknown>, STRING_OPERATORS, of)
    : of.is(oneText(data))
}

const LIST_OPERATORS = {
  has: (list: string, value: unknown) => has(list, value),
  is: (list: string, value: unknown) => all([comparison(`${list}.size() == 1`), has(list, value)]),
  exclude: (list: string, value: unknown) => not(has(list, value)),
}

/**
 * A string list matcher: a text that is in the list, or a map of operators that must all hold.
 * @param list an expression that yields a list of strings
 * @throws Mistake
 * @see https://www.pomerium.com/docs/internals/ppl#string-list-matcher
 */
export function matchList(list: string, data: unknown): Condition {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? operators(data as Record<string, unknown>, LIST_OPERATORS, list)
    : has(list, data)
}

/** @returns all entries of a map of operators, each of which must be known @throws Mistake */
export function operators<Of>(
  data: Record<string, unknown>,
  known: Record<string, (of: Of, value: unknown) => Condition>,
  of: Of,
): Condition {
  const entries = Object.entries(data)
  if (entries.length === 0) throw new Mistake(`is empty: write one of ${Object.keys(known).join(', ')}`)
  return all(
    entries.map(([name, value]) => {
      const operator = Object.hasOwn(known, name) ? known[name] : undefined
      if (!operator) {
        throw new Mistake(
          `is no operator here${didYouMean(name, Object.keys(known)) || `: there are ${Object.keys(known).join(', ')}`}`,
          [name],
        )
      }
      try {
        return operator(of, value)
      } catch (error) {
        if (error instanceof Mistake) throw new Mistake(error.message, [name, ...error.path])
        throw error
      }
    }),
  )
}

/** @throws Mistake for what is no text, or an empty one: that is nearly always a slip, and everything begins with it */
export function oneText(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Mistake('must be a text that is not empty')
  return value
}

/** @throws Mistake */
export function texts(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new Mistake('must be a list of texts')
  return value.map((entry, index) => {
    try {
      return oneText(entry)
    } catch (error) {
      throw new Mistake(error instanceof Error ? error.message : String(error), [index])
    }
  })
}

function has(list: string, value: unknown): Condition {
  return comparison(`${text(oneText(value))} in ${list}`)
}
