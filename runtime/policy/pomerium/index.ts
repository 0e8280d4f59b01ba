import { didYouMean } from '../nearest.ts'
import { all, any, type Condition, not } from './condition.ts'
import { compileCriterion } from './criteria.ts'
import { Mistake, PomeriumPolicyError, type PomeriumProblem } from './problem.ts'

export { PomeriumPolicyError, type PomeriumProblem } from './problem.ts'

type Path = readonly (string | number)[]

/** Conditions of one action; each must hold alone for the action to be taken. */
interface Actions {
  allow: Condition[]
  deny: Condition[]
}

/** `not` is true where none of the criteria is, `nor` where one of them is not. */
const OPERATORS: Record<string, (criteria: readonly Condition[]) => Condition> = {
  and: all,
  or: any,
  not: (criteria) => all(criteria.map(not)),
  nor: (criteria) => any(criteria.map(not)),
}

/**
 * Turns a block of the Pomerium Policy Language into a rule: somebody passes where one `allow` is true and no `deny` is.
 * @param block as it stands in the stack file: a map of `allow` and `deny`, or a list of such maps
 * @returns CEL that `compilePolicy` accepts
 * @throws PomeriumPolicyError with every mistake and its path
 * @see https://www.pomerium.com/docs/internals/ppl
 */
export function compilePomeriumPolicy(block: unknown): string {
  const problems: PomeriumProblem[] = []
  const actions: Actions = { allow: [], deny: [] }
  const rules = Array.isArray(block) ? block : [block]
  for (const [index, rule] of rules.entries()) readRule(rule, Array.isArray(block) ? [index] : [], actions, problems)
  if (problems.length === 0 && actions.allow.length === 0) {
    problems.push({ path: [], message: 'allows nothing, so that nobody could pass: write allow' })
  }
  if (problems.length > 0) throw new PomeriumPolicyError(problems)
  return all([any(actions.allow), ...actions.deny.map(not)]).cel
}

function readRule(rule: unknown, path: Path, actions: Actions, problems: PomeriumProblem[]): void {
  for (const [name, body] of entries(rule, path, problems)) {
    const at = [...path, name]
    if (name !== 'allow' && name !== 'deny') {
      problems.push({ path: at, message: `is neither allow nor deny${didYouMean(name, ['allow', 'deny'])}` })
      continue
    }
    for (const [operator, criteria] of entries(body, at, problems)) {
      const combine = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
      const below = [...at, operator]
      const conditions = readCriteria(criteria, below, problems)
      // One by one, what denies is easier to read than all of it under one `!`.
      if (combine === any) actions[name].push(...conditions)
      else if (combine) actions[name].push(combine(conditions))
      else
        problems.push({
          path: below,
          message: `is none of and, or, not, nor${didYouMean(operator, Object.keys(OPERATORS))}`,
        })
    }
  }
}

function readCriteria(criteria: unknown, path: Path, problems: PomeriumProblem[]): Condition[] {
  if (!Array.isArray(criteria) || criteria.length === 0) {
    problems.push({ path, message: 'must be a list of criteria' })
    return []
  }
  return criteria.flatMap((criterion: unknown, index) => {
    const at = [...path, index]
    const found = entries(criterion, at, problems)
    const [entry, ...rest] = found
    if (!entry) return []
    if (rest.length > 0) {
      problems.push({ path: at, message: 'has more than one criterion: write each as an entry of its own' })
      return []
    }
    return readCriterion(entry, at, problems)
  })
}

function readCriterion([key, data]: [string, unknown], path: Path, problems: PomeriumProblem[]): Condition[] {
  try {
    return [compileCriterion(key, data)]
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    problems.push({ path: [...path, key, ...error.path], message: error.message })
    return []
  }
}

/** Of a map that is not empty; what is none is a problem. */
function entries(value: unknown, path: Path, problems: PomeriumProblem[]): [string, unknown][] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const found = isMap ? Object.entries(value) : []
  if (found.length === 0) problems.push({ path, message: 'must be a map that is not empty' })
  return found
}
