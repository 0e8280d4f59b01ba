import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference } from './pairs.ts'
import { say } from './phrase.ts'
import { changedFields, field, isPlainMap, isSame, type PlainMap, texts } from './plain.ts'
import { PROVIDER_ACCOUNT_RULES } from './provider-account-rules.ts'
import { directoryOf, JUDGED, textOf, WITHOUT_EFFECT } from './provider-fields.ts'
import { isReplaced, type ProviderSide, restriction, unlessAbsenceCounts, whereSame } from './provider-sides.ts'
import { lifetimeChange } from './lifetimes.ts'

/** The scope that adds no claim (OpenID Connect Core 1.0 §11). */
const NO_CLAIMS = 'offline_access'

/** Who gains and who loses by a change of an identity provider, at every route that takes its people. */
export const PROVIDER_RULES = {
  /** People whom nobody could sign in before. */
  provider_added: (before, after) =>
    before || !after ? [] : [widens(say`people whom ${directoryOf(after.settings)} signs in`)],

  provider_removed: (before, after) =>
    !before || after ? [] : [narrows(say`people whom ${directoryOf(before.settings)} signs in`)],

  /** Another directory says who people are. */
  provider_replaced: whereBoth(({ settings: before }, { settings: after }) =>
    isReplaced(before, after)
      ? [
          widens(say`people whom ${directoryOf(after)} signs in`),
          narrows(say`people whom ${directoryOf(before)} signs in`),
        ]
      : [],
  ),

  /** Who may sign in at all; an empty list leaves it to the vendor, which means anybody there. */
  allowed_groups: whereSame((before, after) => {
    const judgements = restriction(
      texts(field(before.settings, 'allowedGroups')),
      texts(field(after.settings, 'allowedGroups')),
      {
        anybody: say`whoever the vendor lets in: no group is asked for any more`,
        only: (groups) => say`who is in none of ${groups}`,
        entered: (groups) => say`members of ${groups}`,
        left: (groups) => say`who is in no other group than ${groups}`,
      },
    )
    return saysOnlyAllowedGroups(after) ? unlessAbsenceCounts(before, after, judgements) : judgements
  }),

  /** Rules can read a group from now on, where the vendor says no others than those that may sign in. */
  allowed_groups_said: whereSame((before, after) => {
    const [former, present] = [before, after].map(({ settings }) => texts(field(settings, 'allowedGroups')))
    const { added } = difference(former ?? [], present ?? [])
    return saysOnlyAllowedGroups(after) && added.length > 0
      ? [widens(say`members of ${added}, by rules that ask for these groups: they are said from now on`)]
      : []
  }),

  /** A rule that reads a claim is false of everybody while nobody keeps it. */
  claims_kept: whereSame((before, after) => {
    const [former = [], present = []] = [before, after].map(({ settings }) => texts(field(settings, 'claims')))
    const { added, removed } = difference(former, present)
    return [
      ...(added.length > 0 ? [widens(say`people, by rules that read ${added}: they are known from now on`)] : []),
      // A rule may ask for a claim not to be there.
      ...(removed.length > 0 ? [widens(say`people, by rules that ask for ${removed} not to be there`)] : []),
    ]
  }),

  /** What a provider is asked to say of a person is what rules can read. */
  scopes: whereSame((before, after) => {
    const { added, removed } = difference(
      texts(field(before.settings, 'scopes')),
      texts(field(after.settings, 'scopes')),
    )
    return [
      ...added
        .filter((scope) => scope !== NO_CLAIMS)
        .map((scope) => widens(say`people of whom the scope ${scope} says what a rule asks for`)),
      ...unlessAbsenceCounts(
        before,
        after,
        removed
          .filter((scope) => scope !== NO_CLAIMS)
          .map((scope) => narrows(say`people of whom only the scope ${scope} said what a rule asks for`)),
      ),
    ]
  }),

  /** Whether rules can read groups, where the vendor says none by itself. */
  groups_claim: whereSame((before, after) => {
    const [former, present] = [before, after].map(({ settings }) => field(settings, 'groupsClaim') === true)
    if (former === present) return []
    if (present) return [widens(say`people of whom groups are said from now on`)]
    return unlessAbsenceCounts(before, after, [narrows(say`people of whom groups are not said any more`)])
  }),

  /** Whose people may come in by an address that several tenants share. */
  tenants: whereSame(({ settings: before }, { settings: after }) => {
    const { added, removed } = difference(texts(field(before, 'tenants')), texts(field(after, 'tenants')))
    return [
      ...added.map((tenant) => widens(say`people of the tenant ${tenant}`)),
      ...removed.map((tenant) => narrows(say`people of the tenant ${tenant}`)),
    ]
  }),

  /** Who has lost a group or an account still passes while the session lasts. */
  session_idle: whereSame((before, after) => lifetime('idleMinutes', before, after)),
  session_absolute: whereSame((before, after) => lifetime('absoluteMinutes', before, after)),

  ...PROVIDER_ACCOUNT_RULES,

  /** Whether the provider tells that a session there has ended. */
  sign_out_told: whereSame(({ settings: before }, { settings: after }) => {
    const [former, present] = [before, after].map((settings) => field(settings, 'backChannelLogout') === true)
    if (former === present) return []
    const who = say`who is signed out at the provider`
    return [present ? narrows(say`${who}, at once`) : widens(say`${who}, while the session here lasts`)]
  }),

  /** People whom the stack itself makes. */
  people: whereSame(({ settings: before }, { settings: after }) => {
    const [former, present] = [peopleOf(before), peopleOf(after)]
    const { added, removed } = difference(Object.keys(former), Object.keys(present))
    const changed = Object.keys(present).filter(
      (id) => !added.includes(id) && !isSame(field(former, id), field(present, id)),
    )
    return [
      ...added.map((id) => widens(say`${id}, who can sign in from now on`)),
      ...changed.map((id) => widens(say`${id}, of whom name, address or groups change`)),
      ...removed.map((id) => narrows(say`${id}, who cannot sign in any more`)),
    ]
  }),

  /** Another client at the vendor, whose own limits the stack file does not show. */
  client_exchanged: whereSame(({ settings: before }, { settings: after }) =>
    isSame(field(field(before, 'client'), 'id'), field(field(after, 'client'), 'id')) &&
    isSame(field(before, 'import'), field(after, 'import'))
      ? []
      : [widens(say`whoever the vendor lets in to another client`)],
  ),

  /** A setting of which these rules know nothing. */
  setting_unknown: whereSame(({ settings: before }, { settings: after }) =>
    changedFields(before, after)
      .filter((name) => !WITHOUT_EFFECT.has(name) && !JUDGED.has(name))
      .map((name) => widens(say`whoever the changed setting ${name} lets in, which this review cannot tell`)),
  ),
} satisfies Record<string, AccessRule<ProviderSide>>

function lifetime(name: 'idleMinutes' | 'absoluteMinutes', before: ProviderSide, after: ProviderSide): Judgement[] {
  const [former, present] = [before, after].map(({ settings }) => field(field(settings, 'session'), name))
  return lifetimeChange(name, former, present)
}

/** Entra says the groups that are assigned to the application, and no others: see its component's inputs. */
function saysOnlyAllowedGroups({ settings }: ProviderSide): boolean {
  return textOf(settings, 'kind') === 'entra'
}

function peopleOf(provider: PlainMap): PlainMap {
  const people = field(provider, 'people')
  return isPlainMap(people) ? people : {}
}
