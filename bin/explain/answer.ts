import {
  compilePolicy,
  decisiveParts,
  describeRule,
  type Explanation,
  type PolicyInput,
} from '../../runtime/policy/index.ts'
import { findPlace, publicReason, type Route, type Stack } from './place.ts'
import type { Person, Question } from './question.ts'

/** What would happen, and why. */
export type Answer =
  | { outcome: 'allowed' | 'denied'; why: 'nothing' | 'own' | 'public'; reason: string; routeId?: string }
  | {
      outcome: 'allowed' | 'denied'
      why: 'rule' | 'session'
      routeId: string
      /** Who may pass, in words. */
      rule: string
      input: PolicyInput
      explanation: Explanation
      /** Parts of the rule that made the answer. */
      decisive: readonly Explanation[]
      /** What the session is not, so that the person is asked to sign in first. */
      unmet: readonly string[]
      /** What every session needs here besides. */
      needs: readonly string[]
      /** What was left out of what was said, because the gateway would not know it. */
      notes: readonly string[]
    }

const MINUTE_MS = 60_000

/** Answers a question by a stack alone; the person's address is taken to be verified. */
export function answerQuestion(stack: Stack, question: Question): Answer {
  const place = findPlace(stack, question.url)
  if (place.kind === 'nothing') return { outcome: 'denied', why: 'nothing', reason: place.why }
  if (place.kind === 'own') return { outcome: 'allowed', why: 'own', reason: 'this page is the gateway’s own' }
  const { id: routeId, route, host, path } = place
  const open = publicReason(route, path)
  if (open !== undefined) return { outcome: 'allowed', why: 'public', reason: open, routeId }
  const allow = route.allow ?? 'false'
  const { person, provider, notes } = asGatewayKnows(stack, route, question.person)
  const input = inputOf(question, person, provider, { host, path })
  const policy = compilePolicy(allow)
  if (person.kind === 'person' && person.signedInMinutesAgo === undefined && policy.reads.has('session.age')) {
    notes.push('Nobody said when the person signed in: just now is assumed (--signed-in).')
  }
  const explanation = policy.explain(input)
  const demands = person.kind === 'person' ? demandsOf(stack, route) : []
  const unmet = demands.filter(({ isMet }) => isMet(person, provider) === false).map(({ words }) => words)
  return {
    outcome: explanation.outcome === 'true' && unmet.length === 0 ? 'allowed' : 'denied',
    why: unmet.length > 0 ? 'session' : 'rule',
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

/** What of a person the gateway would know, by the settings of the provider that signed them in. */
function asGatewayKnows(
  stack: Stack,
  route: Route,
  person: Person,
): { person: Person; provider: string; notes: string[] } {
  const known = [...stack.identityProviders.keys()]
  const accepted = route.identityProviders ?? known
  const provider = person.provider ?? accepted[0] ?? ''
  const settings = stack.identityProviders.get(provider)
  const notes: string[] = []
  if (person.provider === undefined && accepted.length > 1) {
    notes.push(`Nobody said who signs the person in: ${provider} is assumed (--provider).`)
  }
  if (person.kind === 'program' || !settings) {
    if (person.kind === 'person') notes.push(`The stack has no identity provider ${provider}.`)
    return { person: { ...person, claims: {}, email: person.kind === 'program' ? '' : person.email }, provider, notes }
  }
  const kept = textsOf(settings['claims'])
  const claims = Object.fromEntries(Object.entries(person.claims).filter(([name]) => kept.includes(name)))
  for (const name of Object.keys(person.claims).filter((claim) => !kept.includes(claim))) {
    notes.push(
      `${provider} does not keep the claim ${name}: rules do not see it (identityProviders.${provider}.claims).`,
    )
  }
  const domains = textsOf(settings['allowedDomains'])
  const isOutside = domains.length > 0 && person.email !== '' && !domains.includes(person.email.split('@')[1] ?? '')
  if (isOutside)
    notes.push(`${provider} may speak for ${domains.join(', ')} alone: user.email is empty (allowedDomains).`)
  return { person: { ...person, claims, email: isOutside ? '' : person.email }, provider, notes }
}

interface Demand {
  words: string
  /** `undefined` where nobody said how the person signed in. */
  isMet: (person: Person, provider: string) => boolean | undefined
}

function demandsOf({ identityProviders }: Stack, { identityProviders: accepted, signIn }: Route): Demand[] {
  const all = [...identityProviders.keys()]
  const demands: Demand[] = [
    {
      words: `a sign-in by ${(accepted ?? all).join(' or ')}`,
      isMet: (_, provider) => (accepted ?? all).includes(provider),
    },
  ]
  const { maxAgeMinutes, acr } = signIn ?? {}
  if (maxAgeMinutes !== undefined) {
    demands.push({
      words: `a sign-in that is at most ${maxAgeMinutes} minutes old (--signed-in)`,
      isMet: ({ signedInMinutesAgo: ago }) => (ago === undefined ? undefined : ago <= maxAgeMinutes),
    })
  }
  if (acr !== undefined) {
    demands.push({
      words: `a sign-in as ${acr.join(' or ')} (--acr)`,
      isMet: (person) => (person.acr === '' ? undefined : acr.includes(person.acr)),
    })
  }
  return demands
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
}
