import * as z from 'zod'

import { saysNothing } from './reasons.ts'

const reason = z
  .string()
  .refine((text) => !saysNothing(text), 'say in a few words why: whoever reviews the next change reads it')

/** A part of the stack file, as the review names it. */
const place = z
  .string()
  .regex(/^(?:gatewright:)?[^\s:]+$/, 'write the path as the review names it, like routes.status.public')

/** Why this rule may be broken: everywhere, or by the place in the stack file. See docs/review.md. */
const allowance = z.union([reason, z.record(place, reason)]).optional()

/** By the rules of `npm run review`, whose names are permanent. */
const byRule = {
  wildcard_redirect_uri: allowance,
  insecure_address: allowance,
  public_route_unexplained: allowance,
  unconditional_rule: allowance,
  long_session: allowance,
  plain_secret: allowance,
  secret_overdue: allowance,
  unprotected_removal: allowance,
  single_replica: allowance,
  moving_image: allowance,
  exposed_listener: allowance,
  unbounded_proxies: allowance,
  database_without_tls: allowance,
}

/** What a review looks for. */
export type RuleCode = keyof typeof byRule

/** In the order in which reviewers read them. */
export const RULE_CODES = Object.keys(byRule) as RuleCode[]

/** Rules that the stack breaks on purpose, each with the reason. */
export const allowances = z.strictObject(byRule)

export type AllowanceSettings = z.output<typeof allowances>
