import { callbackUrl } from '../../runtime/config.ts'
import type { Problem } from '../config/index.ts'
import { compareAccess } from './access.ts'
import { compareSecrets, type SecretChange } from './client-secrets.ts'
import type { Finding } from './finding.ts'
import { heirsBetween } from './heirs.ts'
import { pairs } from './pairs.ts'
import type { Phrase } from './phrase.ts'
import { compareProvider, type ProviderChange } from './provider-changes.ts'
import { NO_STACK, type StackReading, type StackView } from './reading.ts'
import { compareRoute, compareSettings } from './stack-changes.ts'

/** An address that has to be, or need no longer be, registered at an identity provider. */
export interface CallbackChange {
  identityProvider: string
  change: 'added' | 'removed'
  url: string
}

/** What a change of a stack file would do, by name and in words. */
export interface StackChanges {
  comparable: true
  /** Whether anybody may pass who could not before, or we cannot tell. */
  widened: boolean
  /** Who gains and who loses. */
  access: Finding[]
  identityProviders: ProviderChange[]
  callbacks: CallbackChange[]
  clientSecrets: SecretChange[]
  routes: Phrase[]
  settings: Phrase[]
}

/** Two versions of which one cannot be read; that counts as widened, for nothing is known of it. */
export interface NoComparison {
  comparable: false
  widened: true
  problems: { version: 'before' | 'after'; problem: Problem }[]
}

/**
 * Compares two versions of one stack file: pure, without a credential, and without a secret in what it gives.
 * @param before as deployed, or as on the branch that is merged into
 * @param after as it is to be
 */
export function compareStacks(before: StackReading, after: StackReading): StackChanges | NoComparison {
  if (before.state === 'unreadable' || after.state === 'unreadable') {
    const problems = [...problemsOf('before', before), ...problemsOf('after', after)]
    return { comparable: false, widened: true, problems }
  }
  return compareViews(viewOf(before), viewOf(after))
}

function compareViews(before: StackView, after: StackView): StackChanges {
  const providers = pairs(before.identityProviders, after.identityProviders)
  const access = compareAccess(before, after)
  const heirs = heirsBetween(before.routes, after.routes)
  return {
    comparable: true,
    widened: access.some(({ effect }) => effect === 'widens'),
    access,
    identityProviders: providers.map(compareProvider).filter((change) => change !== undefined),
    callbacks: compareCallbacks(before, after),
    clientSecrets: providers.map(compareSecrets).filter((change) => change !== undefined),
    routes: pairs(before.routes, after.routes).flatMap((pair) => compareRoute(pair, heirs.of(pair.id))),
    settings: compareSettings(before, after),
  }
}

function compareCallbacks(before: StackView, after: StackView): CallbackChange[] {
  return pairs(callbacksOf(before), callbacksOf(after)).flatMap(({ id, before: former, after: present }) => {
    if (former === present) return []
    const removed = former === undefined ? [] : [{ identityProvider: id, change: 'removed' as const, url: former }]
    const added = present === undefined ? [] : [{ identityProvider: id, change: 'added' as const, url: present }]
    return [...added, ...removed]
  })
}

function callbacksOf({ url, identityProviders }: StackView): Map<string, string> {
  return new Map(url === undefined ? [] : [...identityProviders.keys()].map((id) => [id, callbackUrl(url, id)]))
}

function viewOf(reading: Exclude<StackReading, { state: 'unreadable' }>): StackView {
  return reading.state === 'read' ? reading.stack : NO_STACK
}

function problemsOf(version: 'before' | 'after', reading: StackReading): NoComparison['problems'] {
  return reading.state === 'unreadable' ? reading.problems.map((problem) => ({ version, problem })) : []
}
