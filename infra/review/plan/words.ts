import { keptOut } from '../../access.ts'
import { type Phrase, say } from '../phrase.ts'
import type { Difference } from './differences.ts'
import type { Access, ResourceChange } from './plan.ts'

/** What vendors call the addresses to which people are sent back. */
const CALLBACKS = new Set(['redirectUris', 'callbacks', 'validRedirectUris', 'callbackUrls', 'web.redirectUris'])

const DOES = {
  create: 'makes',
  change: 'changes',
  replace: 'replaces',
  delete: 'deletes',
  'take over': 'takes over',
} as const satisfies Record<ResourceChange['operation'], string>

/** What the deployment does to one thing, at a vendor or on this machine: a line, and one for each difference. */
export function describePlanned({ operation, name, type, differences }: ResourceChange): Phrase[] {
  const does: Phrase = { parts: [DOES[operation]] }
  const head = say`${does} ${name} (${type})`
  if (operation === 'create' || operation === 'delete') return [head]
  return [head, ...differences.map(describeDifference)]
}

/**
 * What somebody has changed by hand.
 * @param change seen from the last deployment: `added` is what the vendor has beside that
 */
export function describeDrift({ operation, name, differences }: ResourceChange): Phrase[] {
  if (operation === 'delete') return [say`${name} was deleted by hand; the next ${'up'} makes it anew`]
  return differences.map((difference) => {
    const what = noun(difference.path)
    switch (difference.kind) {
      case 'added':
        return say`somebody added the ${what} ${difference.value} to ${name}: the next ${'up'} takes it out`
      case 'removed':
        return say`somebody removed the ${what} ${difference.value} from ${name}: the next ${'up'} puts it back`
      case 'changed':
        return say`somebody changed the ${what} of ${name} from ${difference.before} to ${difference.after}: the next ${'up'} changes it back`
      case 'secret':
        return say`somebody changed the secret ${what} of ${name}: the next ${'up'} changes it back`
    }
  })
}

function describeDifference(difference: Difference): Phrase {
  const what = noun(difference.path)
  switch (difference.kind) {
    case 'added':
      return say`gets the ${what} ${difference.value}`
    case 'removed':
      return say`loses the ${what} ${difference.value}`
    case 'changed':
      return say`${what}: ${difference.before} becomes ${difference.after}`
    case 'secret':
      return say`${what}: another secret`
  }
}

/** Addresses by the word that everybody uses; all else by the name that it has in the code. */
function noun(path: string): Phrase {
  return CALLBACKS.has(path) ? { parts: ['callback'] } : say`${path}`
}

/** A rule that somebody gains or loses. */
export interface AccessChange {
  route: string
  kind: 'gains' | 'loses'
  rule: string
  words: string
}

/** Who gains and who loses access: rules that are there after and not before, and the other way round. */
export function accessChanges(before: Access, after: Access): AccessChange[] {
  const routes = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return routes.flatMap((route) => {
    const [old, next] = [before[route] ?? {}, after[route] ?? {}]
    const only = (rules: Record<string, string>, others: Record<string, string>, kind: AccessChange['kind']) =>
      Object.entries(rules)
        .filter(([rule, words]) => others[rule] !== words)
        .map(([rule, words]) => toChange({ route, kind, rule, words }))
    return [...only(next, old, 'gains'), ...only(old, next, 'loses')]
  })
}

/** Who was kept out by an entry that goes gains, and who is by one that comes loses. */
function toChange(change: AccessChange): AccessChange {
  const words = keptOut(change.rule, change.words)
  if (words === undefined) return change
  return { ...change, words, kind: change.kind === 'gains' ? 'loses' : 'gains' }
}
