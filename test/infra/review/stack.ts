import { readFileSync } from 'node:fs'

import { parse } from 'yaml'

import {
  compareStacks,
  type Finding,
  type NoComparison,
  readStack,
  type StackChanges,
} from '../../../infra/review/index.ts'

/** What stands under `gatewright:` in a stack file. */
export type Stack = Record<string, unknown> & {
  identityProviders: Record<string, Record<string, unknown>>
  routes: Record<string, Record<string, unknown>>
}

/** @param file YAML @returns what the comparison is given */
export function stackFile(file: string): Stack {
  const { config } = parse(readFileSync(file, 'utf8')) as { config: Record<string, unknown> }
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace('gatewright:', ''), value]),
  ) as Stack
}

/** A stack with the providers `staff` and `guests` and the routes `wiki` (people in staff) and `docs` (public). */
export function smallStack(): Stack {
  return {
    url: 'https://login.acme.example',
    identityProviders: {
      staff: {
        kind: 'pocket-id',
        url: 'https://sso.acme.example',
        credentials: { apiKey: { secure: 'v1:cipher-staff' } },
      },
      guests: {
        kind: 'oidc',
        issuer: 'https://id.example',
        client: { id: 'gw', secret: { secure: 'v1:cipher-guests' } },
      },
    },
    routes: {
      wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: '"staff" in user.groups' },
      docs: { from: 'https://docs.acme.example', to: 'http://docs:3000', public: 'published anyway' },
    },
  }
}

/** Compares a stack with itself changed. @param change what is done to the copy */
export function compareChanged(before: Stack, change: (stack: Stack) => void): StackChanges | NoComparison {
  const after = structuredClone(before)
  change(after)
  return compareStacks(readStack(before), readStack(after))
}

/** Findings in one line each: `+` for who gains, `-` for who loses. */
export function lines(comparison: StackChanges | NoComparison): string[] {
  if (!comparison.comparable) return comparison.problems.map(({ problem }) => `${problem.path} ${problem.message}`)
  return comparison.access.map(
    ({ rule, effect, subject, says }: Finding) =>
      `${effect === 'widens' ? '+' : '-'} ${subject.id} ${rule}: ${says.parts.map((part) => (typeof part === 'string' ? part : part.quoted)).join('')}`,
  )
}
