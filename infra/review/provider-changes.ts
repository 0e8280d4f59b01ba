import type { Pair } from './pairs.ts'
import { difference } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, field, isSame, oneLine, type Plain, type PlainMap, texts } from './plain.ts'
import { changedIdentity, directoryOf, forcesReplacement, IDENTITY, textOf } from './provider-fields.ts'

/** What a deployment would do to one identity provider. */
export interface ProviderChange {
  id: string
  change: 'added' | 'removed' | 'replaced' | 'changed'
  /** What it is and where, and what becomes of the client there. */
  says: Phrase
  /** Names of the settings for which it is replaced. */
  forcedBy: string[]
  /** The other settings that change, in words. */
  settings: Phrase[]
}

/** Lists of which every entry is shown. */
const LISTS = new Set(['scopes', 'allowedDomains', 'allowedGroups', 'tenants'])
/** Texts and numbers that are shown; of every other setting only the name is, for it may hold a secret. */
const SHOWN = new Set([
  ...IDENTITY,
  'name',
  'description',
  'enabled',
  'logo',
  'provisioning',
  'linking',
  'attributes',
  'buttonText',
  'authMethod',
  'emailTrust',
  'clientSecretMaxAgeDays',
  'removal',
  'groupsClaim',
  'authorizationParameters',
  'responseMode',
  'session',
  'endpoints',
  'allowPrivateAddresses',
  'backChannelLogout',
  'import',
])
/** Told apart, where secrets are. */
const ELSEWHERE = new Set(['clientSecrets'])

/** @returns nothing where the provider stays as it is */
export function compareProvider({ id, before, after }: Pair<PlainMap>): ProviderChange | undefined {
  if (!before && after) {
    const says = say`${directoryOf(after)}: ${client(after, 'a client is registered', 'it takes a client made by hand')}`
    return { id, change: 'added', says, forcedBy: [], settings: [] }
  }
  if (before && !after) {
    return { id, change: 'removed', says: say`${directoryOf(before)}: ${farewell(before)}`, forcedBy: [], settings: [] }
  }
  if (!before || !after) return undefined
  const forcedBy = forcesReplacement(before, after)
  const changed = changedFields(before, after).filter((name) => !ELSEWHERE.has(name))
  const settings = changed.map((name) => describe(name, field(before, name), field(after, name)))
  if (forcedBy.length === 0) {
    return settings.length > 0 ? { id, change: 'changed', says: directoryOf(after), forcedBy, settings } : undefined
  }
  const arrival = client(after, 'another client is registered', 'it takes a client made by hand')
  const sessions =
    changedIdentity(before, after).length > 0 ? say`; who is signed in by it has to sign in again` : say``
  const says = say`${arrival}; of the former one: ${farewell(before)}${sessions}`
  return { id, change: 'replaced', says, forcedBy, settings }
}

/** What becomes of the client that leaves the stack. */
function farewell(provider: PlainMap): Phrase {
  const registered = {
    allowed: 'the client is deleted there',
    protected: 'the client is protected: the deployment will refuse to delete it',
    retained: 'the client is left there',
  }[textOf(provider, 'removal') ?? '']
  return client(provider, registered ?? 'the client goes', 'the client made by hand is left there')
}

/** Our words, by whether we register the client or somebody brought one. */
function client(provider: PlainMap, registered: string, brought: string): Phrase {
  return { parts: [field(provider, 'client') === undefined ? registered : brought] }
}

function describe(name: string, before: Plain, after: Plain): Phrase {
  if (LISTS.has(name)) return describeList(name, texts(before), texts(after))
  if (name === 'people') return say`${name} change`
  if (name === 'client') return describeClient(before, after)
  if (name === 'credentials') return say`${name}: another credential for the vendor’s administration API`
  if (name === 'directory') return describeDirectory(name, before, after)
  if (!SHOWN.has(name)) return say`${name} changes`
  if (before === undefined) return say`${name} is now ${oneLine(after)}`
  if (after === undefined) return say`${name} is no longer said; it was ${oneLine(before)}`
  return say`${name} from ${oneLine(before)} to ${oneLine(after)}`
}

function describeList(name: string, before: readonly string[], after: readonly string[]): Phrase {
  const { added, removed } = difference(before, after)
  if (added.length + removed.length === 0) return say`${name} in another order`
  if (removed.length === 0) return say`${name}: ${added} added`
  return added.length === 0 ? say`${name}: ${removed} removed` : say`${name}: ${added} added, ${removed} removed`
}

function describeClient(before: Plain, after: Plain): Phrase {
  const [former, present] = [field(before, 'id'), field(after, 'id')]
  if (before === undefined) return say`client: ${oneLine(present)}, made by hand, instead of one that is registered`
  if (after === undefined) return say`client: registered, instead of ${oneLine(former)}, made by hand`
  return isSame(former, present)
    ? say`client: its secrets change`
    : say`client from ${oneLine(former)} to ${oneLine(present)}`
}

function describeDirectory(name: string, before: Plain, after: Plain): Phrase {
  const [read, reads] = [before, after].map((value) => value !== undefined && value !== false)
  if (!read && reads) return say`${name}: the gateway may read the vendor’s users and groups from now on`
  return read && !reads
    ? say`${name}: the gateway may not read the vendor’s users and groups any more`
    : say`${name}: another credential to read the vendor’s users and groups`
}
