import { callbackUrl } from '../../runtime/config.ts'
import type { Problem } from '../config/index.ts'
import { compareAccess } from './access.ts'
import { brandPairs, compareBrand } from './brands.ts'
import { compareSecrets, type SecretChange } from './client-secrets.ts'
import type { Finding } from './finding.ts'
import { heirsBetween } from './heirs.ts'
import { pairs } from './pairs.ts'
import type { Phrase } from './phrase.ts'
import { textOf } from './provider-fields.ts'
import { compareProvider, type ProviderChange } from './provider-changes.ts'
import { NO_STACK, type StackReading, type StackView } from './reading.ts'
import { compareParty } from './relying-party-changes.ts'
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
  relyingParties: Phrase[]
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
    relyingParties: pairs(before.relyingParties, after.relyingParties).flatMap(compareParty),
    settings: [...compareBrands(before, after), ...compareSettings(before, after)],
  }
}

function compareBrands(before: StackView, after: StackView): Phrase[] {
  const brands = brandPairs(before, after)
  const lasting = [...after.identityProviders.keys()].filter((id) => before.identityProviders.has(id))
  return brands.flatMap((pair) => compareBrand(pair, { isOnly: brands.length === 1, lasting }))
}

function compareCallbacks(before: StackView, after: StackView): CallbackChange[] {
  const [former, present] = [callbacksOf(before), callbacksOf(after)]
  const [old, now] = [former, present].map((list) => new Set(list.map(({ url }) => url))) as [Set<string>, Set<string>]
  const added = present.filter(({ url }) => !old.has(url)).map((entry) => ({ ...entry, change: 'added' as const }))
  const removed = former.filter(({ url }) => !now.has(url)).map((entry) => ({ ...entry, change: 'removed' as const }))
  const changes = [...added, ...removed]
  return changes.toSorted((one, other) =>
    one.identityProvider < other.identityProvider ? -1 : one.identityProvider > other.identityProvider ? 1 : 0,
  )
}

/** By provider and login host: a host that moves is one added and one removed. */
function callbacksOf(stack: StackView): { identityProvider: string; url: string }[] {
  return [...gatewayCallbacks(stack), ...partyCallbacks(stack)]
}

function partyCallbacks({ relyingParties }: StackView): { identityProvider: string; url: string }[] {
  return [...relyingParties.values()].flatMap(({ settings, callbacks }) =>
    callbacks.map((url) => ({ identityProvider: textOf(settings, 'identityProvider') ?? '', url })),
  )
}

function gatewayCallbacks({ identityProviders, brands }: StackView): { identityProvider: string; url: string }[] {
  return [...identityProviders.keys()].toSorted().flatMap((id) =>
    [...brands.values()]
      .filter((brand) => brand.identityProviders.includes(id))
      .map(({ url }) => ({ identityProvider: id, url: callbackUrl(url, id) }))
      .toSorted((one, other) => (one.url < other.url ? -1 : 1)),
  )
}

function viewOf(reading: Exclude<StackReading, { state: 'unreadable' }>): StackView {
  return reading.state === 'read' ? reading.stack : NO_STACK
}

function problemsOf(version: 'before' | 'after', reading: StackReading): NoComparison['problems'] {
  return reading.state === 'unreadable' ? reading.problems.map((problem) => ({ version, problem })) : []
}
