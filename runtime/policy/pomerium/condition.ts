/** CEL that is true or false, and how tightly it binds. */
export interface Condition {
  cel: string
  /** What it is made of outermost; `atom` needs parentheses nowhere. */
  kind: 'atom' | 'comparison' | 'and' | 'or'
}

export const TRUE: Condition = { cel: 'true', kind: 'atom' }
export const FALSE: Condition = { cel: 'false', kind: 'atom' }

/** @returns a call or a field, which needs no parentheses */
export function atom(cel: string): Condition {
  return { cel, kind: 'atom' }
}

export function comparison(cel: string): Condition {
  return { cel, kind: 'comparison' }
}

/** @returns true where all are; true of none */
export function all(conditions: readonly Condition[]): Condition {
  return chain(conditions, 'and', ' && ', TRUE)
}

/** @returns true where one is; false of none */
export function any(conditions: readonly Condition[]): Condition {
  return chain(conditions, 'or', ' || ', FALSE)
}

export function not({ cel, kind }: Condition): Condition {
  return atom(kind === 'atom' ? `!${cel}` : `!(${cel})`)
}

/** @returns a string literal of CEL */
export function text(value: string): string {
  // Every escape of JSON is one of CEL (https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values).
  return JSON.stringify(value)
}

function chain(conditions: readonly Condition[], kind: 'and' | 'or', operator: string, ofNone: Condition): Condition {
  const [first, ...rest] = conditions
  if (!first) return ofNone
  if (rest.length === 0) return first
  const other = kind === 'and' ? 'or' : 'and'
  return {
    cel: conditions.map((part) => (part.kind === other ? `(${part.cel})` : part.cel)).join(operator),
    kind,
  }
}
