import { plain } from './brands.ts'
import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { lifetimeChange } from './lifetimes.ts'
import { difference } from './pairs.ts'
import { say } from './phrase.ts'
import { changedFields } from './plain.ts'
import type { BrandView } from './reading.ts'

/** One version of a brand, with the providers that both versions of the stack have. */
export interface BrandSide {
  settings: BrandView
  /** One that comes or goes as a whole is told elsewhere. */
  lastingProviders: readonly string[]
}

/** Who gains and who loses by a change of a brand. */
export const BRAND_RULES = {
  /** Whoever answers at a login host gets codes and sessions of people who sign in there. */
  login_host_added: (before, after) =>
    before || !after
      ? []
      : [widens(say`whoever controls ${hostOf(after)}, in the name of everybody who signs in there`)],

  login_host_removed: (before, after) =>
    !before || after ? [] : [narrows(say`people who sign in at ${before.settings.url}`)],

  login_host_moved: whereBoth((before, after) =>
    hostOf(before) === hostOf(after)
      ? []
      : [widens(say`whoever controls ${hostOf(after)}, in the name of everybody who signs in there`)],
  ),

  /** Who may come in by something that nobody but the gateway looks after. */
  password: whereBoth(({ settings: before }, { settings: after }) => {
    if (before.password === after.password) return []
    const says = PASSWORDS[after.password]
    const isMore = LENIENCE.indexOf(after.password) > LENIENCE.indexOf(before.password)
    return [isMore ? widens(say`${says}`) : narrows(say`${PASSWORDS[before.password]}`)]
  }),

  passkeys: whereBoth(({ settings: before }, { settings: after }) => {
    if (before.passkeys === after.passkeys) return []
    const says = say`people with an account here who sign in by a passkey`
    return [after.passkeys ? widens(says) : narrows(says)]
  }),

  /** Whom a provider signs in has an account here, and may be taken for somebody with one. */
  provider_offered: whereBoth((before, after) => {
    const { added, removed } = difference(before.settings.identityProviders, after.settings.identityProviders)
    const lasts = (id: string): boolean => after.lastingProviders.includes(id)
    return [
      ...added.filter(lasts).map((id) => widens(say`people whom ${id} signs in, with an account here`)),
      ...removed.filter(lasts).map((id) => narrows(say`people whom ${id} signs in, who cannot sign in here any more`)),
    ]
  }),

  /** Who has lost a group or an account still passes while the session lasts. */
  session_idle: whereBoth((before, after) => lifetime('idleMinutes', before, after)),
  session_absolute: whereBoth((before, after) => lifetime('absoluteMinutes', before, after)),

  /** A setting of which these rules know nothing. */
  setting_unknown: whereBoth(({ settings: before }, { settings: after }) =>
    changedFields(plain(before), plain(after))
      .filter((name) => !KNOWN.has(name))
      .map((name) => widens(say`whoever the changed setting ${name} lets in, which this review cannot tell`)),
  ),
} satisfies Record<string, AccessRule<BrandSide>>

/** Settings that are judged above, or that let nobody in and keep nobody out. */
const KNOWN: ReadonlySet<string> = new Set([
  'url',
  'name',
  'identityProviders',
  'password',
  'passkeys',
  'identityFirst',
  'autoRedirect',
  'logo',
  'colors',
  'links',
  'session',
])

/** The later, the more people. */
const LENIENCE = ['off', 'break_glass', 'on'] as const satisfies readonly BrandView['password'][]

const PASSWORDS = {
  off: 'nobody by a password',
  break_glass: 'administrators who sign in by password and passkey, past every provider',
  on: 'people with an account here who sign in by a password, past every provider',
} as const satisfies Record<BrandView['password'], string>

function hostOf({ settings }: BrandSide): string {
  return new URL(settings.url).hostname
}

function lifetime(name: 'idleMinutes' | 'absoluteMinutes', before: BrandSide, after: BrandSide): Judgement[] {
  return lifetimeChange(name, before.settings.session?.[name], after.settings.session?.[name])
}
