import { createHash } from 'node:crypto'

/** Settings as plain data; a secret is there as a mark that can be compared and says nothing. */
export type Plain = string | number | boolean | null | undefined | SecretMark | readonly Plain[] | PlainMap
export interface PlainMap {
  readonly [key: string]: Plain
}

/** Stands for a secret: whether it is the same one is all that can be asked. */
export class SecretMark {
  readonly #fingerprint: string
  /** It stands in the stack file as it is, for everybody who reads it. */
  readonly isInTheOpen: boolean

  /** @param source as the stack file has it: ciphertext, the name of an environment variable, or the text itself */
  constructor(source: unknown) {
    this.#fingerprint = createHash('sha256')
      .update(JSON.stringify(source) ?? '')
      .digest('base64url')
    this.isInTheOpen = typeof source === 'string'
  }

  isSameAs(other: unknown): boolean {
    return other instanceof SecretMark && other.#fingerprint === this.#fingerprint
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }
}

/** Deep equality; the order of a map's entries does not count, and a field that is left out equals undefined. */
export function isSame(one: Plain, other: Plain): boolean {
  if (one instanceof SecretMark) return one.isSameAs(other)
  if (Array.isArray(one) || Array.isArray(other)) {
    const [a, b] = [list(one), list(other)]
    return (
      a !== undefined && b !== undefined && a.length === b.length && a.every((item, index) => isSame(item, b[index]))
    )
  }
  if (!isPlainMap(one) || !isPlainMap(other)) return one === other
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
    isSame(field(one, key), field(other, key)),
  )
}

/** @returns the value of a map's own entry */
export function field(value: Plain, key: string): Plain {
  return isPlainMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** @returns names of entries that differ, in alphabetical order */
export function changedFields(before: PlainMap, after: PlainMap): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isSame(field(before, name), field(after, name)))
    .toSorted()
}

/** @returns the texts of a list, and nothing where there is none */
export function texts(value: Plain): string[] {
  return (list(value) ?? []).filter((item) => typeof item === 'string')
}

/** @returns a value on one line; a secret is only called one */
export function oneLine(value: Plain): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}

export function isPlainMap(value: Plain): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof SecretMark)
}

function list(value: Plain): readonly Plain[] | undefined {
  return Array.isArray(value) ? (value as readonly Plain[]) : undefined
}
