import { Environment } from '@marcbachmann/cel-js'
import { Duration } from '@marcbachmann/cel-js/evaluator'

import { type Field, FIELDS } from './fields.ts'

/** A claim that is kept of what a provider said. */
export type ClaimValue = string | number | boolean | readonly string[]

/** What a rule may read. */
export interface PolicyInput {
  user: {
    /** `Person.id`: made from issuer and subject. */
    id: string
    /** Set only when verified and inside the provider's allowed domains. */
    email: string
    name: string
    /** Groups of the identity that signed in, and of no other. */
    groups: readonly string[]
    /** The identity provider that signed the person in; `token-issuer:<id>` or `service-account:<id>` for a program. */
    provider: string
    /** `program` is one that has an identity of its own; one that a person signed in from the command line is that person. */
    kind: 'person' | 'program'
    /** What the identity provider's `claims` keeps. Reading one that is not there is an error, which denies; `has()` asks. */
    claims: Readonly<Record<string, ClaimValue>>
  }
  request: {
    method: string
    /** The canonical one. */
    path: string
    host: string
    /** Of the client; empty where it is not known, and then every rule about it denies. */
    ip: string
    /** Milliseconds since 1970. */
    time: number
  }
  /** How the person signed in. A program has no session: `age` is not there, which denies where it is read, and the rest is empty. */
  session: {
    /** Milliseconds since the person showed a credential. */
    age?: number | undefined
    acr: string
    amr: readonly string[]
    /** The identity provider. */
    provider: string
  }
}

/** Bounds on one expression: checked when it is loaded, so that evaluating it is bounded too. */
const LIMITS = { maxAstNodes: 400, maxDepth: 32, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 }

/** The language of rules: CEL with the fields of {@link PolicyInput} and no others. */
export const environment = new Environment({ limits: LIMITS })
  .registerVariable({ name: 'user', schema: { ...FIELDS.user } })
  .registerVariable({ name: 'request', schema: { ...FIELDS.request } })
  .registerVariable({ name: 'session', schema: { ...FIELDS.session } })
  .registerFunction('map.holds(string, string): bool', holds)

/** @returns the input as CEL has it; times are made only where they are read */
export function toContext(input: PolicyInput, reads: ReadonlySet<Field>): object {
  const { user, request, session } = input
  const readsTime = reads.has('request.time')
  const readsAge = reads.has('session.age')
  if (!readsTime && !readsAge) return input
  return {
    user,
    request: readsTime ? { ...request, time: new Date(request.time) } : request,
    session: readsAge ? { ...session, age: durationOf(session.age) } : session,
  }
}

/** Whether a claim is a text, or a list that has it; false where it is not there. */
function holds(claims: Readonly<Record<string, ClaimValue>>, name: string, value: string): boolean {
  const claim = Object.hasOwn(claims, name) ? claims[name] : undefined
  return claim === value || (Array.isArray(claim) && claim.includes(value))
}

function durationOf(milliseconds: number | undefined): Duration | undefined {
  return milliseconds === undefined ? undefined : new Duration(BigInt(Math.floor(milliseconds / 1_000)))
}
