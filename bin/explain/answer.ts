import {
  compilePolicy,
  decisiveParts,
  describeRule,
  type Explanation,
  type Policy,
  type PolicyInput,
} from '../../runtime/policy/index.ts'
import { looseReading } from '../../runtime/routes/index.ts'
import { findPlace, type Place, publicReason, type Stack } from './place.ts'
import type { Person, Question } from './question.ts'
import { subjectOf } from './subject.ts'

/** What would happen, and why. */
export type Answer =
  | { outcome: 'allowed' | 'denied'; why: 'nothing' | 'refused' | 'own' | 'public'; reason: string; routeId?: string }
  | {
      outcome: 'allowed' | 'denied'
      /** `session`: the person has to sign in, or sign in again, first; `token`: the program's token does not count here. */
      why: 'rule' | 'session' | 'token'
      routeId: string
      /** Who may pass, in words. */
      rule: string
      input: PolicyInput
      explanation: Explanation
      /** Parts of the rule that made the answer. */
      decisive: readonly Explanation[]
      /** What the session or the token is not. */
      unmet: readonly string[]
      /** What every session, or every token, needs here besides. */
      needs: readonly string[]
      /** What was left out of what was said, because the gateway would not know it. */
      notes: readonly string[]
    }

const MINUTE_MS = 60_000

/** Answers a question by a stack alone; the person's address is taken to be verified. */
export function answerQuestion(stack: Stack, question: Question): Answer {
  const place = findPlace(stack, question.url)
  if (place.kind === 'nothing') return { outcome: 'denied', why: 'nothing', reason: place.why }
  if (place.kind === 'refused') {
    const { status, code, reason } = place.refusal
    return { outcome: 'denied', why: 'refused', reason: `${reason} (${status}, ${code})` }
  }
  if (place.kind === 'own') return { outcome: 'allowed', why: 'own', reason: 'this page is the gateway’s own' }
  const { id: routeId, route, path } = place
  const open = publicReason(route, path)
  return open === undefined
    ? askRule(stack, question, place)
    : { outcome: 'allowed', why: 'public', reason: open, routeId }
}

function askRule(stack: Stack, question: Question, place: Extract<Place, { kind: 'route' }>): Answer {
  const { id: routeId, route, host } = place
  const allow = route.allow ?? 'false'
  const { person, provider, notes, demands } = subjectOf(stack, routeId, route, question.person)
  const policy = compilePolicy(allow)
  if (person.kind === 'person' && person.signedInMinutesAgo === undefined && policy.reads.has('session.age')) {
    notes.push('Nobody said when the person signed in: just now is assumed (--signed-in).')
  }
  const asked = readingsOf(policy, place.path).map((path) => {
    const input = inputOf(question, person, provider, { host, path })
    return { input, explanation: policy.explain(input) }
  })
  const [first, ...others] = asked as [(typeof asked)[number], ...typeof asked]
  const { input, explanation } = asked.find((answer) => answer.explanation.outcome !== 'true') ?? first
  for (const { request } of others.map((other) => other.input)) {
    notes.push(`A server may read the path as ${request.path}: the rule has to let both in.`)
  }
  const unmet = demands.filter(({ isMet }) => isMet(person, provider) === false).map(({ words }) => words)
  return {
    outcome: explanation.outcome === 'true' && unmet.length === 0 ? 'allowed' : 'denied',
    why: unmet.length === 0 ? 'rule' : person.kind === 'program' ? 'token' : 'session',
    routeId,
    rule: describeRule(allow),
    input,
    explanation,
    decisive: decisiveParts(explanation),
    unmet,
    needs: demands.map(({ words }) => words),
    notes,
  }
}

/** A rule about paths is asked about each path that a server may take the request's for. */
function readingsOf(policy: Policy, path: string): string[] {
  return policy.reads.has('request.path') ? [...new Set([path, looseReading(path)])] : [path]
}

function inputOf(
  { method, ip, time }: Question,
  { email, name, groups, kind, claims, acr, amr, signedInMinutesAgo = 0 }: Person,
  provider: string,
  { host, path }: { host: string; path: string },
): PolicyInput {
  return {
    user: { id: 'explained', email, name: name || email, groups, provider, kind, claims },
    request: { method, path, host, ip, time },
    session:
      kind === 'program'
        ? { acr: '', amr: [], provider: '' }
        : { age: signedInMinutesAgo * MINUTE_MS, acr, amr, provider },
  }
}
