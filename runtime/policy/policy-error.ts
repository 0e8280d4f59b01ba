import type { ASTNode } from '@marcbachmann/cel-js'

/** An expression that cannot be used as a rule; the message shows the expression with a caret under the mistake. */
export class PolicyError extends Error {
  readonly code = 'policy_invalid'
  override readonly name = 'PolicyError'
}

/** @returns a mistake at a node, to be thrown */
export function fault(node: ASTNode, message: string): PolicyError {
  return pointed(node.input, node.range.start, message)
}

/** @param position of the mistake in `input` @returns a mistake, to be thrown */
export function pointed(input: string, position: number, message: string, cause?: unknown): PolicyError {
  const before = input.slice(0, position)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = input.slice(lineStart).split('\n', 1)[0] ?? ''
  return new PolicyError(`${message}\n  ${line}\n  ${' '.repeat(position - lineStart)}^`, { cause })
}
