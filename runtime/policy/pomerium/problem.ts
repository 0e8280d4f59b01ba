/** One mistake in a block. */
export interface PomeriumProblem {
  /** From the block's root: keys and indexes. */
  path: readonly (string | number)[]
  /** What is wrong, and what to do. */
  message: string
}

/** A block that means no rule, with every mistake in it. */
export class PomeriumPolicyError extends Error {
  readonly code = 'pomerium_policy_invalid'
  override readonly name = 'PomeriumPolicyError'
  readonly problems: readonly PomeriumProblem[]

  constructor(problems: readonly PomeriumProblem[]) {
    super(problems.map(({ path, message }) => `${path.length > 0 ? `${path.join('.')} ` : ''}${message}`).join('\n'))
    this.problems = problems
  }
}

/** What a matcher or criterion refuses: where, below itself, and why. Collected into the block's error. */
export class Mistake extends Error {
  readonly path: readonly (string | number)[]

  constructor(message: string, path: readonly (string | number)[] = []) {
    super(message)
    this.path = path
  }
}
