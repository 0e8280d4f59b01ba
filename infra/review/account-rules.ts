import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference, pairs } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, field, isSame, type Plain, type PlainMap, texts } from './plain.ts'
import { mapsIn } from './program-rules.ts'
import { implies, waysOf } from './rule.ts'
import type { StackSide } from './stack-rules.ts'

/** Who gains and who loses by what the stack says of accounts, of mail, and of those who look after them. */
export const STACK_ACCOUNT_RULES = {
  /** Who administers can end sessions, suspend, invite and delete. */
  administrators: whereBoth(({ settings: before }, { settings: after }) => {
    const [former, present] = [before, after].map((settings) => waysBy(settings.get('admins'))) as [Ways, Ways]
    return [
      ...present
        .filter((way) => !former.some((other) => implies(way, other)))
        .map(({ words }) => widens(say`${words}, who administer from now on`)),
      ...former
        .filter((way) => !present.some((other) => implies(way, other)))
        .map(({ words }) => narrows(say`${words}, who do not administer any more`)),
    ]
  }),

  /** People whose account the operator vouches for: whoever shows that address is let into it. */
  accounts: whereBoth(({ settings: before }, { settings: after }) =>
    pairs(mapsIn(before.get('accounts')), mapsIn(after.get('accounts'))).flatMap(
      ({ id, before: former, after: present }) => accountChange(id, former, present),
    ),
  ),

  /** Links that verify, invite and set a new password go through there: who reads them gets in. */
  mail: whereBoth(({ settings: before }, { settings: after }) => {
    const [former, present] = [before.get('mail'), after.get('mail')]
    if (isSame(former, present)) return []
    if (present === undefined) return [narrows(say`people who have to show by mail that an address is theirs`)]
    const place = placeOf(present)
    if (former === undefined) {
      return [
        widens(
          say`people who show by mail (${place}) that an address is theirs, and whoever reads their mail on its way`,
        ),
      ]
    }
    return isSame(field(former, 'from'), field(present, 'from')) ||
      changedIn(former, present).some((name) => name !== 'from')
      ? [
          widens(
            say`whoever reads what is handed in at ${place}: links to verify an address, to accept an invitation, to set a password`,
          ),
        ]
      : []
  }),
} satisfies Record<string, AccessRule<StackSide>>

type Ways = ReturnType<typeof waysOf>

function waysBy(rule: Plain): Ways {
  return typeof rule === 'string' ? waysOf(rule).filter(({ conditions }) => !conditions.has('false')) : []
}

function accountChange(id: string, before: PlainMap | undefined, after: PlainMap | undefined): Judgement[] {
  if (!before && after)
    return [widens(say`${addressOf(after)} (${id}), who has an account from now on${groupsOf(after)}`)]
  if (before && !after) return [narrows(say`${addressOf(before)} (${id}), whose account is not the stack’s any more`)]
  if (!before || !after) return []
  if (['email', 'brand'].some((name) => !isSame(field(before, name), field(after, name)))) {
    return [
      widens(say`${addressOf(after)} (${id}), who has an account from now on${groupsOf(after)}`),
      narrows(say`${addressOf(before)} (${id}), whose account is not the stack’s any more`),
    ]
  }
  const { added, removed } = difference(texts(field(before, 'groups')), texts(field(after, 'groups')))
  return [
    ...(added.length > 0 ? [widens(say`${addressOf(after)}, by rules that ask for ${added}`)] : []),
    // A rule may ask for a group not to be there.
    ...(removed.length > 0 ? [widens(say`${addressOf(after)}, by rules that ask for ${removed} not to be there`)] : []),
  ]
}

function addressOf(account: PlainMap): string {
  const email = field(account, 'email')
  return typeof email === 'string' ? email : ''
}

function groupsOf(account: PlainMap): Phrase {
  const groups = texts(field(account, 'groups'))
  return groups.length > 0 ? say`, in ${groups}` : say``
}

function placeOf(mail: Plain): string {
  const host = field(mail, 'host')
  return typeof host === 'string' ? host : 'this machine'
}

function changedIn(before: Plain, after: Plain): string[] {
  return changedFields(before as PlainMap, after as PlainMap)
}
