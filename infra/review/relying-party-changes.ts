import type { Pair } from './pairs.ts'
import { difference } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, field, isSame, oneLine, texts } from './plain.ts'
import { textOf } from './provider-fields.ts'
import type { PartyView } from './reading.ts'

/** Texts that are shown; of every other setting only the name is, for it may hold a secret. */
const SHOWN = new Set([
  'url',
  'identityProvider',
  'app',
  'authMethod',
  'import',
  'pkce',
  'secret',
  'directory',
  'name',
  'removal',
])
const LISTS = new Set(['allowedGroups', 'redirectUris', 'postLogoutRedirectUris', 'scopes'])

/** What a deployment would do for one relying party, in words; nothing where it stays as it is. */
export function compareParty({ id, before, after }: Pair<PartyView>): Phrase[] {
  if (!before && after) return [say`${id} is added: ${whatOf(after)}, with a client of its own at ${providerOf(after)}`]
  if (before && !after) return [say`${id} is removed: ${whatOf(before)}, and its client at ${providerOf(before)}`]
  if (!before || !after) return []
  const changes = changedFields(before.settings, after.settings).map((name) => {
    const [former, present] = [field(before.settings, name), field(after.settings, name)]
    if (LISTS.has(name)) return listChange(name, texts(former), texts(present))
    if (!SHOWN.has(name)) return say`${name} changes`
    if (former === undefined) return say`${name} is now ${oneLine(present)}`
    if (present === undefined) return say`${name} is no longer said; it was ${oneLine(former)}`
    return say`${name} from ${oneLine(former)} to ${oneLine(present)}`
  })
  return isSame(before.settings, after.settings) ? [] : changes.map((change) => say`${id}: ${change}`)
}

function whatOf({ settings }: PartyView): Phrase {
  return say`${textOf(settings, 'app') ?? textOf(settings, 'kind') ?? ''} (${textOf(settings, 'url') ?? ''})`
}

function providerOf({ settings }: PartyView): string {
  return textOf(settings, 'identityProvider') ?? ''
}

function listChange(name: string, before: readonly string[], after: readonly string[]): Phrase {
  const { added, removed } = difference(before, after)
  if (added.length + removed.length === 0) return say`${name} in another order`
  if (removed.length === 0) return say`${name}: ${added} added`
  return added.length === 0 ? say`${name}: ${removed} removed` : say`${name}: ${added} added, ${removed} removed`
}
