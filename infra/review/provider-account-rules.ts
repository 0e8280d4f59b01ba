import { type AccessRule, narrows, widens } from './finding.ts'
import { say } from './phrase.ts'
import { field, isSame, texts } from './plain.ts'
import { directoryOf, textOf } from './provider-fields.ts'
import { type ProviderSide, restriction, unlessAbsenceCounts, whereSame } from './provider-sides.ts'

/** Whose word counts for an address, the more people's the later. */
const TRUST = ['always-verify', 'verify-with-claim', 'trust-idp']

/** Who gains and who loses by what becomes of a person whom a provider has signed in. */
export const PROVIDER_ACCOUNT_RULES = {
  /** One that is disabled is asked by nobody, and nothing that it says counts. */
  provider_enabled: whereSame(({ settings: before }, { settings: after }) => {
    const [former, present] = [before, after].map((settings) => field(settings, 'enabled') !== false)
    if (former === present) return []
    const says = say`people whom ${directoryOf(after)} signs in`
    return [present ? widens(says) : narrows(says)]
  }),

  /** Whether a stranger gets an account. */
  provisioning: whereSame(({ settings: before }, { settings: after }) => {
    const [former, present] = [textOf(before, 'provisioning'), textOf(after, 'provisioning')]
    if (former === present) return []
    const says = say`people who have no account yet`
    return [present === 'auto' ? widens(say`${says}, and get one`) : narrows(says)]
  }),

  /** Whether an address may lead to an account that somebody else may have made. */
  linking: whereSame(({ settings: before }, { settings: after }) => {
    const [former, present] = [textOf(before, 'linking'), textOf(after, 'linking')]
    if (former === present) return []
    const says = say`people with the verified address of an existing account, after they have signed in to that as well`
    return [present === 'confirm' ? widens(says) : narrows(says)]
  }),

  /** Who may sign in by the domain of a verified address; an empty list means any, and none at all. */
  allowed_domains: whereSame(({ settings: before }, { settings: after }) =>
    restriction(texts(field(before, 'allowedDomains')), texts(field(after, 'allowedDomains')), {
      anybody: say`people with an address of any domain, or with none`,
      only: (domains) => say`people without a verified address at ${domains}`,
      entered: (domains) => say`people with a verified address at ${domains}`,
      left: (domains) => say`people with an address at ${domains}`,
    }),
  ),

  /** Whether the provider is believed an address that nobody has verified. */
  email_trust: whereSame((before, after) => {
    const [former, present] = [before, after].map(({ settings }) => textOf(settings, 'emailTrust'))
    if (former === present) return []
    const isWeaker = TRUST.indexOf(present ?? '') > TRUST.indexOf(former ?? '')
    if (!isWeaker) {
      return unlessAbsenceCounts(before, after, [narrows(say`people whose address only the provider has vouched for`)])
    }
    return [
      present === 'trust-idp'
        ? widens(say`people whose address nobody has verified: whatever the provider says counts`)
        : widens(say`people whose address the provider has verified, and no mail of ours`),
    ]
  }),

  /** Who has another address or name at once, by which rules and accounts know people. */
  attributes: whereSame(({ settings: before }, { settings: after }) =>
    (['email', 'name'] as const)
      .map((name) => ({ name, sides: [before, after].map((settings) => field(field(settings, 'attributes'), name)) }))
      .filter(({ sides: [former, present] }) => !isSame(former, present))
      .map(({ name, sides: [, present] }) => {
        const claim = field(present, 'claim')
        return widens(say`people whose ${name} is read from another claim: ${typeof claim === 'string' ? claim : ''}`)
      }),
  ),
} satisfies Record<string, AccessRule<ProviderSide>>
