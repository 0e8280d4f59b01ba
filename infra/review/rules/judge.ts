import { RULE_CODES, type RuleCode } from '../../config/index.ts'
import { isPlainMap, type Plain } from '../plain.ts'
import type { StackView } from '../reading.ts'
import { isLocalStack } from './places.ts'
import type { ReviewedStack, RuleFinding } from './review-rule.ts'
import { REVIEW_RULES } from './table.ts'

/** What an operator allows, and why. */
interface Allowance {
  code: RuleCode
  /** Below it everything is allowed; undefined is the whole stack. */
  path: string | undefined
  reason: string
}

/** A breach that the stack file allows. */
export interface AllowedFinding extends RuleFinding {
  reason: string
}

/** What the rules say of a stack. */
export interface RuleReport {
  broken: RuleFinding[]
  allowed: AllowedFinding[]
  /** Places under `allowances` that allow nothing by now. */
  unneeded: string[]
  /** What of the above was not so in the version before. */
  isNew: (finding: RuleFinding) => boolean
}

/**
 * Asks every rule about a stack, and sets aside what it allows.
 * @param before the version that it takes the place of; without it nothing is called new
 */
export function judgeRules(reviewed: ReviewedStack, before?: ReviewedStack): RuleReport {
  const findings = findingsOf(reviewed)
  const allowances = allowancesOf(reviewed.stack)
  const former = before && judgeRules(before)
  const known = new Set(former && [...keysOf(former.broken, 'broken'), ...keysOf(former.allowed, 'allowed')])
  const judged = findings.map((finding) => ({ finding, allowance: allowances.find((one) => allows(one, finding)) }))
  const broken = judged.flatMap(({ finding, allowance }) => (allowance ? [] : [finding]))
  const allowed = judged.flatMap(({ finding, allowance }) =>
    allowance ? [{ ...finding, reason: allowance.reason }] : [],
  )
  const state = new Map<RuleFinding, string>([
    ...broken.map((finding) => [finding, 'broken'] as const),
    ...allowed.map((finding) => [finding, 'allowed'] as const),
  ])
  return {
    broken,
    allowed,
    unneeded: allowances.filter((one) => isUnneeded(one, findings, reviewed)).map(placeOf),
    isNew: (finding) => former !== undefined && !known.has(keyOf(finding, state.get(finding) ?? '')),
  }
}

function findingsOf(reviewed: ReviewedStack): RuleFinding[] {
  const isLocal = isLocalStack(reviewed.stack)
  return RULE_CODES.filter((code) => !isLocal || REVIEW_RULES[code].ofLocalStacks).flatMap((code) =>
    REVIEW_RULES[code].breaches(reviewed).map((breach) => ({ ...breach, code })),
  )
}

/** Where a deployment alone can tell whether a rule is broken, the lack of one proves nothing. */
function isUnneeded(allowance: Allowance, findings: readonly RuleFinding[], { deployment }: ReviewedStack): boolean {
  if (deployment === undefined && REVIEW_RULES[allowance.code].needsDeployment) return false
  return !findings.some((finding) => allows(allowance, finding))
}

function allows({ code, path }: Allowance, finding: RuleFinding): boolean {
  if (code !== finding.code) return false
  if (path === undefined || path === finding.path) return true
  return finding.path.startsWith(`${path}.`) || finding.path.startsWith(`${path}[`)
}

/** The schema has seen to their form. */
function allowancesOf({ settings }: StackView): Allowance[] {
  const map = settings.get('allowances')
  const entries: [string, Plain][] = isPlainMap(map) ? Object.entries(map) : []
  return entries.flatMap(([name, value]): Allowance[] => {
    const code = name as RuleCode
    if (typeof value === 'string') return [{ code, path: undefined, reason: value }]
    return Object.entries(isPlainMap(value) ? value : {}).flatMap(([path, reason]) =>
      typeof reason === 'string' ? [{ code, path: `gatewright:${path.replace(/^gatewright:/, '')}`, reason }] : [],
    )
  })
}

function placeOf({ code, path }: Allowance): string {
  return path === undefined ? `allowances.${code}` : `allowances.${code}: ${path}`
}

function keysOf(findings: readonly RuleFinding[], state: string): string[] {
  return findings.map((finding) => keyOf(finding, state))
}

/**
 * What was broken and is allowed from now on is new to a reviewer, who is asked to agree to it. Entries of a list are known
 * again by what they say, wherever they stand by now.
 */
function keyOf({ code, path, says }: RuleFinding, state: string): string {
  return JSON.stringify([state, code, path.replaceAll(/\[\d+\]/g, '[]'), says])
}
