import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { pairs } from './pairs.ts'
import { say } from './phrase.ts'
import { field, isSame, type Plain } from './plain.ts'

/** One version of what holds for every route: the stack file without its providers and routes. */
export type StackSide = ReadonlyMap<string, Plain>

/** Who gains and who loses by a change of the whole stack. */
export const STACK_RULES = {
  /** Who has lost a group or an account still passes while the session lasts. */
  session_idle: whereBoth((before, after) => lifetime('idleMinutes', before, after)),
  session_absolute: whereBoth((before, after) => lifetime('absoluteMinutes', before, after)),

  /** A setting of which these rules know nothing. */
  setting_unknown: whereBoth((before, after) =>
    pairs(before, after)
      .filter((pair) => !KNOWN.has(pair.id) && !isSame(pair.before, pair.after))
      .map(({ id }) => widens(say`whoever the changed setting ${id} lets pass, which this review cannot tell`)),
  ),
} satisfies Record<string, AccessRule<StackSide>>

/** Settings that are judged above, or that let nobody in and keep nobody out. */
const KNOWN: ReadonlySet<string> = new Set(['name', 'session', 'target', 'sampleApp'])

function lifetime(name: 'idleMinutes' | 'absoluteMinutes', before: StackSide, after: StackSide): Judgement[] {
  const [former, present] = [before, after].map((side) => Number(field(side.get('session'), name))) as [number, number]
  if (present > former)
    return [widens(say`who is signed in, for longer: ${`session.${name}`} from ${former} to ${present}`)]
  if (present < former)
    return [narrows(say`who is signed in, sooner: ${`session.${name}`} from ${former} to ${present}`)]
  return []
}
