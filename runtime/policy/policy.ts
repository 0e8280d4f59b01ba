import { ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'

import { environment, type PolicyInput, toContext } from './environment.ts'
import { explainNode, type Explanation, makeParts, type Part } from './explain.ts'
import { changesWithSessionAlone, type Field } from './fields.ts'
import { inspect } from './inspect.ts'
import type { Literals } from './literals.ts'
import { fault, pointed, PolicyError } from './policy-error.ts'

/** `rule_error`: evaluating failed, which denies. */
export type Decision = { allowed: true } | { allowed: false; reason: 'rule_false' | 'rule_error' }

/** A rule that was checked and is ready to be asked. */
export interface Policy {
  /** Answers for one request; never throws: an error in the rule denies. */
  decide(input: PolicyInput): Decision
  /** Why it answers as it does: every part of the rule with its own answer. Not for the hot path. */
  explain(input: PolicyInput): Explanation
  /** Exactly the fields that a decision can depend on. */
  readonly reads: ReadonlySet<Field>
  /**
   * A decision stays the same as long as the session's version does, and may be kept for it: the rule reads nothing of the
   * request, and neither the time nor how old the session is.
   */
  readonly perSession: boolean
  /** Claims that it reads by name; `undefined` where it goes over all of them. */
  readonly claims: ReadonlySet<string> | undefined
}

const ALLOWED: Decision = Object.freeze({ allowed: true })
const RULE_FALSE: Decision = Object.freeze({ allowed: false, reason: 'rule_false' })
const RULE_ERROR: Decision = Object.freeze({ allowed: false, reason: 'rule_error' })

/**
 * Checks an expression and makes it ready.
 * @param expression CEL over `user`, `request` and `session` that yields a bool
 * @throws PolicyError when it does not parse, reads a field that is not there, yields something else than a bool,
 *   holds a pattern that is not RE2 or a network that is none, or could take too long
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export function compilePolicy(expression: string): Policy {
  const { ast } = parse(environment, expression)
  const inspection = inspect(ast)
  const language = languageFor(inspection.literals)
  const evaluate = parse(language, expression)
  const type = evaluate.check()
  if (!type.valid) throw inWords(type.error)
  if (type.type !== 'bool') {
    throw fault(evaluate.ast, `a rule must be true or false, this one is a ${String(type.type)}`)
  }
  const { reads, claims } = inspection
  let parts: Part | undefined
  return {
    reads,
    claims,
    perSession: changesWithSessionAlone(reads),
    decide(input) {
      try {
        return evaluate(toContext(input, reads)) === true ? ALLOWED : RULE_FALSE
      } catch {
        return RULE_ERROR
      }
    },
    explain(input) {
      // Most rules are never explained.
      parts ??= makeParts(ast, (text) => parse(language, text))
      return explainNode(parts, toContext(input, reads))
    },
  }
}

function languageFor({ patterns, networks, zones }: Literals): typeof environment {
  // A clone takes twenty times as much memory as a rule, and there may be thousands.
  if (patterns.size + networks.size + zones.size === 0) return environment
  return environment
    .clone()
    .registerFunction('string.matchesRe2(string): bool', (text: string, pattern: string) =>
      known(patterns, pattern)(text),
    )
    .registerFunction('string.inNetwork(string): bool', (address: string, network: string) =>
      known(networks, network)(address),
    )
    .registerFunction('google.protobuf.Timestamp.timeOfDay(string): string', (time: Date, zone: string) =>
      known(zones, zone)(time),
    )
}

function known<Value>(compiled: ReadonlyMap<string, Value>, literal: string): Value {
  const value = compiled.get(literal)
  if (value === undefined) throw new Error('this was not compiled')
  return value
}

function parse(language: typeof environment, expression: string): ReturnType<typeof environment.parse> {
  try {
    return language.parse(expression)
  } catch (error) {
    throw inWords(error)
  }
}

function inWords(error: unknown): PolicyError {
  if (error instanceof ParseError || error instanceof CelTypeError) {
    const node = error.node
    return pointed(node?.input ?? '', error.range?.start ?? 0, error.summary, error)
  }
  return new PolicyError(error instanceof Error ? error.message : String(error), { cause: error })
}
