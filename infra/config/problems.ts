import * as z from 'zod'

import { nearest } from '../../runtime/policy/index.ts'

/** One mistake in a stack file. */
export interface Problem {
  /** As in the stack file: `gatewright:routes.hello.allow`. */
  path: string
  /** What is wrong and what to do. */
  message: string
}

/** Takes a mistake where it is found; the path is relative to `gatewright:`. */
export type Report = (path: (string | number)[], message: string) => void

/**
 * Puts everything that a schema found into words, one entry for each mistake.
 * @param schema what was asked for; it is searched for the names that would have been right
 * @param input what was there
 */
export function describeProblems(schema: z.ZodType, input: unknown, issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(fieldsAt(schema, input, issue.path))
      return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: unknownField(key, known) }))
    }
    const value = valueAt(input, issue.path)
    return [{ path: pathText(issue.path), message: sentence(issue, value) }]
  })
}

/** What zod says where a schema has no words of its own. */
const NO_WORDS = 'Invalid input'

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return 'is missing'
      return `must be ${article(issue.expected)}, not ${issue.expected === 'object' ? formOf(value) : shown(value)}`
    case 'invalid_value':
      return oneOf(issue.values.map(String), value)
    case 'invalid_union':
      return issue.discriminator === 'kind' && 'options' in issue
        ? oneOf((issue.options as unknown[]).map(String), (value as { kind?: unknown } | undefined)?.kind ?? value)
        : `is ${formOf(value)}, and has none of the accepted forms${issue.message === NO_WORDS ? '' : `: ${issue.message}`}`
    case 'invalid_key':
      return issue.issues.map((inner) => inner.message).join('; ')
    default:
      return typeof value === 'string' && !issue.message.includes('\n')
        ? `${shown(value)}: ${issue.message}`
        : issue.message
  }
}

function oneOf(values: readonly string[], value: unknown): string {
  const close = typeof value === 'string' ? nearest(value, values) : undefined
  const expected = `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}`
  if (value === undefined) return `is missing; it ${expected}`
  return `${expected}, not ${shown(value)}${close ? `; did you mean ${close}?` : ''}`
}

function unknownField(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  return close ? `is unknown; did you mean ${close}?` : `is unknown; known here: ${known.join(', ')}`
}

/**
 * What is said of a name in one place of the stack file that another place does not have.
 * @param what the name is of, in words
 */
export function unknownName(name: string, known: readonly string[], what: string): string {
  const close = nearest(name, known)
  return `there is no ${what} ${name}${close ? `; did you mean ${close}?` : ''}`
}

/** The fields that an object at this path may have. */
function fieldsAt(schema: z.ZodType, input: unknown, path: readonly PropertyKey[]): Record<string, z.ZodType> {
  let here = unwrap(schema, input)
  let value = input
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key]
    here = unwrap(childOf(here, key), value)
  }
  return here instanceof z.ZodObject ? here.shape : {}
}

function childOf(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)] as z.ZodType | undefined
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  return undefined
}

function unwrap(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap() as z.ZodType, value)
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { options } = schema as z.ZodDiscriminatedUnion<z.ZodObject[]>
    return options.find((option) => option.shape['kind']?.safeParse((value as { kind?: unknown }).kind).success)
  }
  return schema
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input)
}

/** @returns the path as a reader of the stack file would write it */
export function pathText(path: readonly PropertyKey[]): string {
  return `gatewright:${path.map((key, index) => (typeof key === 'number' ? `[${key}]` : (index ? '.' : '') + String(key))).join('')}`
}

/** A value as the stack file has it; long ones, which may be pasted secrets, are not repeated. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? 'a longer text' : JSON.stringify(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'a map' : String(value)
}

/** What a value is, without the value: where a map of credentials or a secret belongs, people put the secret itself. */
function formOf(value: unknown): string {
  if (typeof value === 'string') return 'a text'
  return typeof value === 'number' ? 'a number' : shown(value)
}

function article(type: string): string {
  return (
    { object: 'a map', array: 'a list', int: 'a whole number', string: 'a text', boolean: 'true or false' }[type] ??
    type
  )
}
