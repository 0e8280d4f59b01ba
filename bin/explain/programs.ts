import { field, mapsIn, texts } from '../../infra/review/index.ts'
import type { KnownSubject } from './known.ts'
import type { Route, Stack } from './place.ts'
import type { Person } from './question.ts'

/** Whose tokens count at a route. */
export interface TakenProgram {
  /** As a rule reads it: `service-account:<id>` or `token-issuer:<id>`. */
  provider: string
  words: string
  /** What the stack says of the program; an issuer's tokens say it themselves. */
  says?: { id: string; name: string; groups: readonly string[] }
}

/** @returns every program that a route takes: those of the stack first, then those of token issuers */
export function takenPrograms(stack: Stack, id: string, { bearer }: Route): TakenProgram[] {
  const accounts = [...mapsIn(stack.settings.get('serviceAccounts'))]
    .filter(([, account]) => texts(field(account, 'routes')).includes(id))
    .map(([account, settings]): TakenProgram => {
      const name = field(settings, 'name')
      return {
        provider: `service-account:${account}`,
        words: `service-account:${account}`,
        says: {
          id: account,
          name: typeof name === 'string' ? name : account,
          groups: texts(field(settings, 'groups')),
        },
      }
    })
  const issuers = bearer.map(({ tokenIssuer, audience }) => ({
    provider: `token-issuer:${tokenIssuer}`,
    words: `token-issuer:${tokenIssuer} for ${audience}`,
  }))
  return [...accounts, ...issuers]
}

/** @returns what is asked of a program's token, in words */
export function tokenDemand(taken: readonly TakenProgram[]): string {
  return taken.length === 0
    ? 'a token that the route takes, and it takes none (bearer, serviceAccounts)'
    : `a token of ${taken.map(({ words }) => words).join(' or ')} (--provider)`
}

/** What of a program the gateway would know: no address and no claims, and of an account what the stack says of it. */
export function programAsKnown(taken: readonly TakenProgram[], program: Person): KnownSubject {
  const provider = program.provider ?? taken[0]?.provider ?? ''
  const notes: string[] = []
  if (program.provider === undefined && new Set(taken.map((entry) => entry.provider)).size > 1) {
    notes.push(`Nobody said which program it is: ${provider} is assumed (--provider).`)
  }
  const person = { ...program, claims: {}, email: '' }
  const says = taken.find((entry) => entry.provider === provider)?.says
  if (!says) return { person, provider, notes }
  const { id, name, groups } = says
  const left = program.groups.filter((group) => !groups.includes(group))
  if (left.length > 0) {
    notes.push(
      `The stack says which groups ${id} is in: ${left.join(', ')} does not count (serviceAccounts.${id}.groups).`,
    )
  }
  return { person: { ...person, name, groups: [...groups] }, provider, notes }
}
