import { acceptedAt, field, texts } from '../../infra/review/index.ts'
import type { KnownSubject } from './known.ts'
import type { Route, Stack } from './place.ts'
import { programAsKnown, takenPrograms, tokenDemand } from './programs.ts'
import type { Person } from './question.ts'

/** What must be so besides the rule. */
export interface Demand {
  words: string
  /** `undefined` where nobody said how the person signed in. */
  isMet: (person: Person, provider: string) => boolean | undefined
}

/**
 * @param id of the route
 * @returns what the gateway would know of somebody, and what it asks of their session or token there
 */
export function subjectOf(
  stack: Stack,
  id: string,
  route: Route,
  who: Person,
): KnownSubject & { demands: readonly Demand[] } {
  if (who.kind === 'person') return { ...personAsKnown(stack, route, who), demands: demandsOf(stack, route) }
  const taken = takenPrograms(stack, id, route)
  const isMet: Demand['isMet'] = (_, provider) => taken.some((program) => program.provider === provider)
  return { ...programAsKnown(taken, who), demands: [{ words: tokenDemand(taken), isMet }] }
}

/** What of a person the gateway would know, by the settings of the provider that signed them in. */
function personAsKnown(stack: Stack, route: Route, person: Person): KnownSubject {
  const accepted = acceptedAt(stack, route)
  const provider = person.provider ?? accepted[0] ?? ''
  const settings = stack.identityProviders.get(provider)
  const notes: string[] = []
  if (person.provider === undefined && accepted.length > 1) {
    notes.push(`Nobody said who signs the person in: ${provider} is assumed (--provider).`)
  }
  if (!settings) {
    notes.push(`The stack has no identity provider ${provider}.`)
    return { person: { ...person, claims: {} }, provider, notes }
  }
  const kept = texts(field(settings, 'claims'))
  const claims = Object.fromEntries(Object.entries(person.claims).filter(([name]) => kept.includes(name)))
  for (const name of Object.keys(person.claims).filter((claim) => !kept.includes(claim))) {
    notes.push(
      `${provider} does not keep the claim ${name}: rules do not see it (identityProviders.${provider}.claims).`,
    )
  }
  return { person: { ...person, claims }, provider, notes }
}

function demandsOf(stack: Stack, route: Route): Demand[] {
  const accepted = acceptedAt(stack, route)
  const settingsOf = (provider: string) => stack.identityProviders.get(provider)
  const demands: Demand[] = [
    {
      words: `a sign-in by ${accepted.join(' or ')}`,
      isMet: (_, provider) => accepted.includes(provider) && field(settingsOf(provider), 'enabled') !== false,
    },
  ]
  const domainsOf = (provider: string): string[] => texts(field(settingsOf(provider), 'allowedDomains'))
  const domains = [...new Set(accepted.flatMap(domainsOf))]
  if (domains.length > 0) {
    demands.push({
      words: `a verified address of the provider’s allowedDomains (${domains.join(', ')})`,
      isMet: ({ email }, provider) => isWithin(email, domainsOf(provider)),
    })
  }
  const { signIn } = route
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

/** As at a sign-in: where there are domains, an address of another, or none, is not let in. */
function isWithin(email: string, domains: readonly string[]): boolean {
  return domains.length === 0 || domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase())
}
