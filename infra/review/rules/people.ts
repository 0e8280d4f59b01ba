import { compilePolicy, type PolicyInput } from '../../../runtime/policy/index.ts'
import { saysNothing } from '../../config/index.ts'
import { say } from '../phrase.ts'
import { field, type Plain } from '../plain.ts'
import type { BrandView, Route, StackView } from '../reading.ts'
import { placeText } from './places.ts'
import type { Breach, ReviewRule } from './review-rule.ts'

/** NIST SP 800-63B-4 §2.1.3: at the lowest level of assurance people show a credential again after 30 days. */
const LONGEST_SESSION_MINUTES = 30 * 24 * 60
/** Somebody who was dismissed while the provider was away is out within a day. */
const LONGEST_GRACE_MINUTES = 24 * 60

/** Somebody who has just signed in somewhere, without a group, and without an address that anybody verified. */
const STRANGER: PolicyInput = {
  user: { id: '', email: '', name: '', groups: [], provider: '', kind: 'person', claims: {} },
  request: { method: 'GET', path: '/', host: '', ip: '', time: 0 },
  session: { age: 0, acr: '', amr: [], provider: '' },
}

/** The schema asks for a reason; this asks that there is one. */
export const publicRouteUnexplained: ReviewRule = {
  title: 'What everybody may open says why',
  why: 'In a year nobody knows any more whether it was meant, and nobody dares to close it.',
  advice: 'Say what is there and why it may be public, in a few words.',
  ofLocalStacks: true,
  breaches: ({ stack }) => [...stack.routes].flatMap(([id, route]) => unexplained(id, route)),
}

/** Asked of a stranger: `true` is not the only rule that says nothing, `user.email != "bob@acme.example"` is another. */
export const unconditionalRule: ReviewRule = {
  title: 'A rule asks for something that strangers do not have',
  why: 'Whoever can sign in passes: also people of a provider that is added next year.',
  advice: 'Name groups or domains. Where all who sign in may pass, say what keeps strangers from signing in.',
  ofLocalStacks: true,
  breaches: ({ stack }) => [
    ...[...stack.routes].flatMap(([id, { allow }]) => unconditional(['routes', id, 'allow'], allow)),
    ...unconditional(['admins'], stack.settings.get('admins')),
  ],
}

/** How long somebody stays in whom nobody asks again. */
export const longSession: ReviewRule = {
  title: 'People sign in again at least every 30 days',
  why: 'A session is worth a password for as long as it lives, and a device changes hands (NIST SP 800-63B-4 §2.1.3).',
  advice: 'Lower session.absoluteMinutes to 43200 at most, and session.refreshGraceMinutes to 1440.',
  ofLocalStacks: true,
  breaches: ({ stack }) => [...tooLong(stack), ...tooMuchGrace(stack)],
}

function unexplained(id: string, { from, ...route }: Route): Breach[] {
  const known = [id, from]
  const whole = route.public === undefined ? [] : [{ path: ['routes', id, 'public'], reason: route.public, known }]
  const parts = route.publicPaths.map(({ reason, ...paths }, index) => ({
    path: ['routes', id, 'publicPaths', String(index), 'reason'],
    reason,
    known: [...known, ...Object.values(paths).filter((path) => path !== undefined)],
  }))
  return [...whole, ...parts]
    .filter((entry) => saysNothing(entry.reason, entry.known))
    .map(({ path, reason }) => ({ path: placeText(path), says: say`${reason} is no reason` }))
}

function unconditional(path: readonly string[], rule: Plain): Breach[] {
  if (typeof rule !== 'string' || !compilePolicy(rule).decide(STRANGER).allowed) return []
  return [{ path: placeText(path), says: say`${rule} lets people pass of whom nothing is known` }]
}

/** The shortest lifetime that is said anywhere counts. */
function tooLong({ brands, settings }: StackView): Breach[] {
  const minutes = Number(field(settings.get('session'), 'absoluteMinutes'))
  const longest = Math.max(...[...brands.values()].map((brand) => lifetimeAt(brand, minutes)))
  if (longest <= LONGEST_SESSION_MINUTES) return []
  return [{ path: placeText(['session', 'absoluteMinutes']), says: say`a session lives for ${days(longest)} days` }]
}

function lifetimeAt({ session }: BrandView, minutes: number): number {
  return Math.min(minutes, session?.absoluteMinutes ?? minutes)
}

function tooMuchGrace({ settings }: StackView): Breach[] {
  const minutes = Number(field(settings.get('session'), 'refreshGraceMinutes'))
  if (minutes <= LONGEST_GRACE_MINUTES) return []
  const says = say`who was dismissed meanwhile stays in for ${days(minutes)} days while a provider does not answer`
  return [{ path: placeText(['session', 'refreshGraceMinutes']), says }]
}

function days(minutes: number): number {
  return Math.ceil(minutes / (24 * 60))
}
