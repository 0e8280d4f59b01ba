import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, field, isPlainMap, isSame, type PlainMap, texts } from './plain.ts'
import { textOf } from './provider-fields.ts'
import { isReplaced, restriction } from './provider-sides.ts'
import type { PartyView } from './reading.ts'

/** One version of a relying party, with the identity provider that decides who may sign in there. */
export interface PartySide extends PartyView {
  provider: PlainMap
}

/** Who gains and who loses by a change of a relying party: the gateway's rules have no part in it. */
export const RELYING_PARTY_RULES = {
  party_added: (before, after) => (before || !after ? [] : [widens(everybodyOf(after))]),

  party_removed: (before, after) => (!before || after ? [] : [narrows(everybodyOf(before))]),

  /** Another directory says who people are, or another place takes them in. */
  party_replaced: whereBoth((before, after) =>
    isAnother(before, after) ? [widens(everybodyOf(after)), narrows(everybodyOf(before))] : [],
  ),

  /** Its own groups, or those of its identity provider where it names none. */
  party_groups: whereSame((before, after) =>
    restriction(groupsOf(before), groupsOf(after), {
      anybody: say`whoever ${providerOf(after)} lets in: no group is asked for any more`,
      only: (groups) => say`who is in none of ${groups}`,
      entered: (groups) => say`members of ${groups}`,
      left: (groups) => say`who is in no other group than ${groups}`,
    }),
  ),

  /** Whoever answers at a callback is given what people sign in with. */
  party_callback: whereSame((before, after) => {
    const { added, removed } = difference(before.callbacks, after.callbacks)
    return [
      ...added.map((url) => widens(say`whoever answers at ${url}, which people are sent to`)),
      ...removed.map((url) => narrows(say`whoever answers at ${url}, which people are not sent to any more`)),
    ]
  }),

  /** Another client at the vendor, whose own limits the stack file does not show. */
  party_client: whereSame(({ settings: before }, { settings: after }) =>
    isSame(field(field(before, 'client'), 'id'), field(field(after, 'client'), 'id')) &&
    isSame(field(before, 'import'), field(after, 'import'))
      ? []
      : [widens(say`whoever the vendor lets in to another client`)],
  ),

  /** Who runs it is given a credential with which all people and groups can be read. */
  party_directory: whereSame((before, after) => {
    const [former, present] = [before, after].map(({ settings }) => field(settings, 'directory') === true)
    if (former === present) return []
    const who = say`whoever runs it, to read the users and groups of ${providerOf(after)}`
    return [present ? widens(who) : narrows(who)]
  }),

  /** Who may read Secrets there has its client's, and can act as it. */
  party_secret: whereSame(({ settings: before }, { settings: after }) => {
    const [former, present] = [before, after].map((settings) => textAt(settings, 'secret', 'namespace'))
    return present === undefined || present === former ? [] : [widens(say`whoever may read Secrets in ${present}`)]
  }),

  /** A code that somebody else gets hold of is of use without the challenge that it belongs to. */
  party_challenge: whereSame(({ settings: before }, { settings: after }) => {
    if (field(before, 'pkce') !== true || field(after, 'pkce') === true) return []
    return [widens(say`whoever gets hold of somebody’s code: no code challenge is asked for any more`)]
  }),

  /** A setting of which these rules know nothing. */
  party_setting_unknown: whereSame(({ settings: before }, { settings: after }) =>
    changedFields(before, after)
      .filter((name) => !KNOWN.has(name))
      .map((name) => widens(say`whoever the changed setting ${name} lets in, which this review cannot tell`)),
  ),
} satisfies Record<string, AccessRule<PartySide>>

/** Settings that are judged above, or that let nobody in and keep nobody out. */
const KNOWN: ReadonlySet<string> = new Set([
  'kind',
  'app',
  'url',
  'identityProvider',
  'allowedGroups',
  'redirectUris',
  'postLogoutRedirectUris',
  'client',
  'import',
  'directory',
  'pkce',
  'authMethod',
  'secret',
  'credentials',
  'name',
  'removal',
])

/** A rule about two versions of the same place and directory; of another one everything is said by `party_replaced`. */
function whereSame(decide: (before: PartySide, after: PartySide) => Judgement[]): AccessRule<PartySide> {
  return whereBoth((before, after) => (isAnother(before, after) ? [] : decide(before, after)))
}

function isAnother(before: PartySide, after: PartySide): boolean {
  const isMoved = ['kind', 'app', 'url', 'identityProvider'].some(
    (name) => !isSame(field(before.settings, name), field(after.settings, name)),
  )
  return isMoved || isReplaced(before.provider, after.provider)
}

function everybodyOf(side: PartySide): Phrase {
  const groups = groupsOf(side)
  const who =
    groups.length === 0
      ? say`whoever can sign in at ${providerOf(side)}`
      : say`members of ${groups} at ${providerOf(side)}`
  return say`${who}, to ${textOf(side.settings, 'url') ?? ''}`
}

function textAt(settings: PlainMap, name: string, inner: string): string | undefined {
  const value = field(settings, name)
  return isPlainMap(value) ? textOf(value, inner) : undefined
}

function providerOf({ settings }: PartySide): string {
  return textOf(settings, 'identityProvider') ?? ''
}

function groupsOf({ settings, provider }: PartySide): readonly string[] {
  return texts(field(settings, 'allowedGroups') ?? field(provider, 'allowedGroups')).toSorted()
}
