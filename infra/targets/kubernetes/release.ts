import { createHash } from 'node:crypto'

import * as pulumi from '@pulumi/pulumi'

import { mapValues } from '../../map-values.ts'
import type { TargetArgs } from '../target-args.ts'

type PlannedConfig = TargetArgs['config']

/**
 * Members of the configuration that a preview may not know: each stands in a file of its own, so that a new client's id
 * does not hide what else changes.
 */
const LATE = ['registrations', 'serviceAccounts'] as const

/** File name → content. */
export type Files = Record<string, pulumi.Output<string>>

/** Members of the configuration that have files of their own. */
export const LATE_FILES = LATE.map((name) => `${name}.json`)

/** The configuration as files, a line for each value and names in order, so that a preview shows the lines that change. */
export function configFiles(config: PlannedConfig): Files {
  const { registrations, serviceAccounts, ...early } = config
  const files = mapValues({ config: early, registrations, serviceAccounts }, outputOf)
  return Object.fromEntries(Object.entries(files).map(([name, value]) => [`${name}.json`, value.apply(prettyJson)]))
}

/** What the release is called in readiness: a digest over all of its files and what it can only have by a restart. */
export function generationOf(files: Files, revision: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.all([files, revision]).apply(([contents, name]) => digestOf([contents, name]).slice(0, 16))
}

/**
 * What is only had by a restart, as one word: credentials, whose old copies are deleted at the end of an `up` and must be in
 * no pod by then, the clients they belong to, and the program. It is no secret itself: among what it is made from are keys
 * of 256 random bits.
 * @param program what is run
 */
export function revisionOf(
  secrets: Record<string, pulumi.Input<string>>,
  registrations: unknown,
  program: pulumi.Input<string>,
): pulumi.Output<string> {
  const revision = pulumi.all([secrets, outputOf(registrations), program])
  return pulumi.unsecret(revision.apply((parts) => digestOf(parts).slice(0, 12)))
}

/** With every output in it. */
function outputOf(value: unknown): pulumi.Output<unknown> {
  return pulumi.output(value)
}

/** @returns JSON with names in alphabetical order at every depth, and a line break at its end */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(inOrder(value), undefined, 2)}\n`
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return mapValues(Object.fromEntries(sorted), inOrder)
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(prettyJson(value)).digest('hex')
}
