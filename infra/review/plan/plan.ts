import type { EngineEvent, StepEventMetadata, StepEventStateMetadata } from '@pulumi/pulumi/automation/index.js'

import { readableObject, runsGateway } from './cluster-objects.ts'
import { type Difference, differences } from './differences.ts'

/** What is to happen to a resource, in a reviewer's words. */
export type Operation = 'create' | 'change' | 'replace' | 'delete' | 'take over'

/** One resource of the plan, or one that somebody has changed by hand. */
export interface ResourceChange {
  operation: Operation
  /** Logical name, as it stands in the code. */
  name: string
  /** Type token: `okta:app/oAuth:OAuth`. */
  type: string
  /** Key of the identity provider that it belongs to; undefined for the gateway's own. */
  identityProvider: string | undefined
  /** Key of the relying party that it belongs to, where it is no client at a vendor. */
  relyingParty?: string
  /** A part of what runs the gateway: its configuration, its secrets, its program. */
  runsGateway: boolean
  differences: Difference[]
}

/** Route → rule → who that lets pass, in words. */
export type Access = Record<string, Record<string, string>>

/** What a previewed deployment would do. */
export interface EnginePlan {
  planned: ResourceChange[]
  /** What stands otherwise at the vendors than the last deployment left it. */
  drift: ResourceChange[]
  /** Before and after. */
  access: { before: Access; after: Access }
  /** Key of identity provider → where it is. */
  issuers: Record<string, string>
  /** Warnings and errors of the program and of providers, without the engine's noise. */
  messages: string[]
}

const OPERATIONS: Partial<Record<string, Operation>> = {
  create: 'create',
  update: 'change',
  replace: 'replace',
  delete: 'delete',
  import: 'take over',
  'import-replacement': 'take over',
}

/**
 * Reads the events of a preview that refreshes.
 * @param events in the order in which the engine gave them; values of secrets are masked there
 */
export function readPlan(events: readonly EngineEvent[]): EnginePlan {
  const starts = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []))
  const ends = events.flatMap(({ resOutputsEvent }) => (resOutputsEvent ? [resOutputsEvent.metadata] : []))
  const outputs = stackOutputs(ends)
  return {
    planned: starts.flatMap((step) => toChange(step, OPERATIONS[step.op])),
    drift: ends.filter(({ op }) => op === 'refresh').flatMap((step) => toChange(step, driftOf(step))),
    access: { before: accessOf(outputs.before), after: accessOf(outputs.after) },
    issuers: { ...issuersOf(outputs.before), ...issuersOf(outputs.after) },
    messages: events.flatMap(({ diagnosticEvent: said }) =>
      said && (said.severity === 'warning' || said.severity === 'error') ? [said.message.trim()] : [],
    ),
  }
}

/** A refresh that finds nothing says so by giving no new state. */
function driftOf({ old, new: found, diffs, detailedDiff }: StepEventMetadata): Operation | undefined {
  if (old && (!found || found.id === '') && old.id !== '') return 'delete'
  return (diffs?.length ?? 0) > 0 || Object.keys(detailedDiff ?? {}).length > 0 ? 'change' : undefined
}

function toChange(step: StepEventMetadata, operation: Operation | undefined): ResourceChange[] {
  // Components have nothing of their own, and a provider's settings are credentials.
  if (!operation || !isResource(step.type)) return []
  const { before, after } = inputsOf(step)
  const changed = new Set(Object.keys(step.detailedDiff ?? {}))
  return [
    {
      operation,
      name: step.urn.slice(step.urn.lastIndexOf('::') + 2),
      type: step.type,
      ...ownerOf(step.new ?? step.old),
      runsGateway: step.type === 'gatewright-native:local:Process' || runsGateway(step.urn, step.type),
      differences: operation === 'delete' ? [] : differences(before, after, changed),
    },
  ]
}

function inputsOf({ type, old, new: next }: StepEventMetadata): { before: object; after: object } {
  const readable = (inputs: unknown): object => readableObject(type, inputs ?? {})
  return { before: readable(old?.inputs), after: readable(next?.inputs) }
}

function isResource(type: string): boolean {
  return !/^(?:pulumi:|gatewright:)/.test(type)
}

function ownerOf(state: StepEventStateMetadata | undefined): Pick<ResourceChange, 'identityProvider' | 'relyingParty'> {
  const [, kind, id] = /gatewright:(identityProvider|relyingParty):\w+::(.+)$/.exec(state?.parent ?? '') ?? []
  return kind === 'relyingParty' && id !== undefined
    ? { identityProvider: undefined, relyingParty: id }
    : { identityProvider: id }
}

interface Outputs {
  access?: Access
  identityProviders?: Record<string, { issuer?: string }>
}

/** The last word on the stack itself has its outputs, before and after. */
function stackOutputs(ends: readonly StepEventMetadata[]): { before: Outputs; after: Outputs } {
  const stack = ends.findLast(({ type }) => type === 'pulumi:pulumi:Stack')
  return { before: (stack?.old?.outputs ?? {}) as Outputs, after: (stack?.new?.outputs ?? {}) as Outputs }
}

function accessOf({ access }: Outputs): Access {
  return access ?? {}
}

function issuersOf({ identityProviders = {} }: Outputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(identityProviders).flatMap(([id, { issuer }]) => (issuer === undefined ? [] : [[id, issuer]])),
  )
}
