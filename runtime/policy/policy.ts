import { type ASTNode, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'

import { childNodes } from './ast.ts'
import { environment, type PolicyInput } from './environment.ts'

/** `rule_error`: evaluating failed, which denies. */
export type Decision = { allowed: true } | { allowed: false; reason: 'rule_false' | 'rule_error' }

/** A rule that was checked and is ready to be asked. */
export interface Policy {
  /** Answers for one request; never throws: an error in the rule denies. */
  decide(input: PolicyInput): Decision
}

/** An expression that cannot be used as a rule; the message shows the expression with a caret under the mistake. */
export class PolicyError extends Error {
  readonly code = 'policy_invalid'
  override readonly name = 'PolicyError'
}

/** Comprehensions inside comprehensions multiply the size of the lists they walk: two over a thousand groups take most of a second. */
const MAX_NESTED_COMPREHENSIONS = 1
const COMPREHENSIONS = new Set(['exists', 'exists_one', 'all', 'filter', 'map'])

/**
 * Checks an expression and makes it ready.
 * @param expression CEL over `user` and `request` that yields a bool
 * @throws PolicyError when it does not parse, reads a field that is not there, yields something else than a bool,
 *   holds a pattern that is not RE2, or is too large
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export function compilePolicy(expression: string): Policy {
  const patterns = new Map<string, RE2JS>()
  const language = environment
    .clone()
    .registerFunction('string.matchesRe2(string): bool', (text: string, re: string) => {
      const pattern = patterns.get(re)
      if (!pattern) throw new Error('pattern was not compiled')
      return pattern.matcher(text).find()
    })
  const evaluate = parse(language, expression)
  const type = evaluate.check()
  if (!type.valid) throw explain(type.error)
  if (type.type !== 'bool')
    throw fault(evaluate.ast, `a rule must be true or false, this one is a ${String(type.type)}`)
  inspect(evaluate.ast, patterns, 0)
  return {
    decide(input) {
      try {
        return evaluate(input) === true ? { allowed: true } : { allowed: false, reason: 'rule_false' }
      } catch {
        return { allowed: false, reason: 'rule_error' }
      }
    },
  }
}

function parse(language: typeof environment, expression: string): ReturnType<typeof environment.parse> {
  try {
    return language.parse(expression)
  } catch (error) {
    throw explain(error)
  }
}

/** Refuses what the checker lets pass but a request must not meet, and compiles the patterns. */
function inspect(node: ASTNode, patterns: Map<string, RE2JS>, comprehensions: number): void {
  let depth = comprehensions
  if (node.op === 'rcall') {
    const [name, , args] = node.args
    if (name === 'matches') throw fault(node, 'matches() can take exponential time; use text.matchesRe2("pattern")')
    if (name === 'matchesRe2') compilePattern(node, args[0], patterns)
    if (COMPREHENSIONS.has(name)) depth += 1
    if (depth > MAX_NESTED_COMPREHENSIONS) throw fault(node, `nests comprehensions in each other`)
  }
  for (const child of childNodes(node)) inspect(child, patterns, depth)
}

function compilePattern(call: ASTNode, argument: ASTNode | undefined, patterns: Map<string, RE2JS>): void {
  if (argument?.op !== 'value' || typeof argument.args !== 'string') {
    throw fault(argument ?? call, 'the pattern of matchesRe2() must be a literal string')
  }
  try {
    patterns.set(argument.args, RE2JS.compile(argument.args))
  } catch (error) {
    throw fault(argument, `not an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function explain(error: unknown): PolicyError {
  if (error instanceof ParseError || error instanceof CelTypeError) {
    const node = error.node
    return pointed(node?.input ?? '', error.range?.start ?? 0, error.summary, error)
  }
  return new PolicyError(error instanceof Error ? error.message : String(error), { cause: error })
}

function fault(node: ASTNode, message: string): PolicyError {
  return pointed(node.input, node.range.start, message)
}

function pointed(input: string, position: number, message: string, cause?: unknown): PolicyError {
  const before = input.slice(0, position)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = input.slice(lineStart).split('\n', 1)[0] ?? ''
  return new PolicyError(`${message}\n  ${line}\n  ${' '.repeat(position - lineStart)}^`, { cause })
}
