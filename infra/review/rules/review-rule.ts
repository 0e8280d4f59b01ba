import type { RuleCode } from '../../config/index.ts'
import type { Phrase } from '../phrase.ts'
import type { StackView } from '../reading.ts'

/** What rules are asked about: one version of a stack, and what a deployment knows beside it. */
export interface ReviewedStack {
  stack: StackView
  /** The values under `gatewright:` as YAML has them. */
  input: unknown
  /** Undefined where two files are compared, without anything that is deployed. */
  deployment?: {
    /** As {@link readProofs} has them: when a secret was first taken. */
    proofs: ReadonlyMap<string, string>
    /** By the name of a variable: what a deployment from here would read. */
    environment: Readonly<Record<string, string | undefined>>
  }
  /** Milliseconds since 1970. */
  nowMs: number
}

/** A place where a stack breaks a rule. */
export interface Breach {
  /** As in the stack file: `gatewright:routes.hello.public`. */
  path: string
  /** What was found there; never a secret. */
  says: Phrase
}

/** One thing that a reviewer would raise. */
export interface ReviewRule {
  /** The rule itself, in a line. */
  title: string
  /** What goes wrong where it is broken. */
  why: string
  /** How to keep it. */
  advice: string
  /** Whether it is asked of a stack whose login hosts all lie on this machine as well. */
  ofLocalStacks: boolean
  /** What is left open where two files are compared offline: it may be broken there, and nobody can tell. */
  needsDeployment?: boolean
  /** Pure; in the order of the stack file. */
  breaches(reviewed: ReviewedStack): Breach[]
}

/** A breach with its rule. */
export interface RuleFinding extends Breach {
  code: RuleCode
}
