import { isLoopbackHost } from '../../runtime/net/index.ts'
import { STACK_ACCOUNT_RULES } from './account-rules.ts'
import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { difference, pairs } from './pairs.ts'
import { say } from './phrase.ts'
import { field, isSame, type Plain, texts } from './plain.ts'
import { STACK_PROGRAM_RULES } from './program-rules.ts'
import { STACK_TARGET_RULES } from './target-rules.ts'

/** One version of what holds for every route. */
export interface StackSide {
  /** The stack file without its brands, providers and routes. */
  settings: ReadonlyMap<string, Plain>
  /** Routes whose rules read the client's address. */
  routesByAddress: readonly string[]
}

/** Who gains and who loses by a change of the whole stack. */
export const STACK_RULES = {
  /** Who is on the network of an address reaches what only this machine reached: past TLS, or a port that asks nobody. */
  listener_exposed: whereBoth(({ settings: before }, { settings: after }) =>
    LISTENERS.filter((name) => !isExposed(before, name) && isExposed(after, name)).map((name) =>
      widens(say`whoever reaches this machine’s ${addressOf(after, name)}: ${`target.${name}`} listens on the network`),
    ),
  ),

  /** Who has lost a group or an account still passes while the session lasts. */
  session_idle: whereBoth((before, after) => lifetime('idleMinutes', before, after)),
  session_absolute: whereBoth((before, after) => lifetime('absoluteMinutes', before, after)),

  /** A provider that does not answer leaves people signed in for so long. */
  session_grace: whereBoth((before, after) => lifetime('refreshGraceMinutes', before, after)),

  /** Whoever shows it is told who may pass, and believed about who asks. */
  forward_auth_secret: whereBoth(({ settings: before }, { settings: after }) => {
    const [former, present] = [before.get('forwardAuth'), after.get('forwardAuth')]
    if (isSame(former, present)) return []
    return [
      present === undefined
        ? narrows(say`whoever holds the secret of ${'forwardAuth'}`)
        : widens(say`whoever holds the new secret of ${'forwardAuth'}, to ask who may pass`),
    ]
  }),

  /** Where a rule reads the client's address, these say what it is; without one it is the proxy's own, which may be an inner one. */
  trusted_proxies: whereBoth(({ settings: before }, { settings: after, routesByAddress: routes }) => {
    const { added, removed } = difference(texts(before.get('trustedProxies')), texts(after.get('trustedProxies')))
    if (routes.length === 0) return []
    const where = say`where rules read the client’s address (${routes})`
    return [
      ...added.map((proxy) => widens(say`whoever asks through ${proxy}, ${where}: its X-Forwarded-For is believed`)),
      ...removed.map((proxy) =>
        widens(say`whoever asks through ${proxy}, ${where}: it is the proxy’s own from now on`),
      ),
    ]
  }),

  ...STACK_PROGRAM_RULES,
  ...STACK_ACCOUNT_RULES,
  ...STACK_TARGET_RULES,

  /** A setting of which these rules know nothing. */
  setting_unknown: whereBoth(({ settings: before }, { settings: after }) =>
    pairs(before, after)
      .filter((pair) => !KNOWN.has(pair.id) && !isSame(pair.before, pair.after))
      .map(({ id }) => widens(say`whoever the changed setting ${id} lets pass, which this review cannot tell`)),
  ),
} satisfies Record<string, AccessRule<StackSide>>

/** Settings that are judged above, or that let nobody in and keep nobody out. */
const KNOWN: ReadonlySet<string> = new Set([
  'allowances',
  'session',
  'target',
  'cluster',
  'sampleApp',
  'keys',
  'trustedProxies',
  'tokenIssuers',
  'serviceAccounts',
  'forwardAuth',
  'mail',
  'accounts',
  'admins',
])

const LISTENERS = ['listen', 'admin'] as const

function isExposed(settings: StackSide['settings'], name: string): boolean {
  const host = addressOf(settings, name)
  return host !== '' && !isLoopbackHost(host) && host !== '::1'
}

function addressOf(settings: StackSide['settings'], name: string): string {
  const host = field(field(settings.get('target'), name), 'host')
  return typeof host === 'string' ? host : ''
}

function lifetime(
  name: 'idleMinutes' | 'absoluteMinutes' | 'refreshGraceMinutes',
  before: StackSide,
  after: StackSide,
): Judgement[] {
  const [former, present] = [before, after].map(({ settings }) => Number(field(settings.get('session'), name))) as [
    number,
    number,
  ]
  if (present > former)
    return [widens(say`who is signed in, for longer: ${`session.${name}`} from ${former} to ${present}`)]
  if (present < former)
    return [narrows(say`who is signed in, sooner: ${`session.${name}`} from ${former} to ${present}`)]
  return []
}
