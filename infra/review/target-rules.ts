import { type AccessRule, type Judgement, narrows, whereBoth, widens } from './finding.ts'
import { say } from './phrase.ts'
import { changedFields, field, isPlainMap, isSame, oneLine, type Plain, type PlainMap } from './plain.ts'
import type { StackSide } from './stack-rules.ts'

/** Who gains and who loses by a change of where the gateway runs: whoever rules there has its secrets, and decides who passes. */
export const STACK_TARGET_RULES = {
  /** Another place altogether: everything below it is new. */
  target_moved: whereTargets((before, after) =>
    isMoved(before, after) ? [widens(say`whoever runs the place of ${kindOf(after)}, where every secret goes`)] : [],
  ),

  /** Whoever rules a cluster reads what is put there: the gateway's secrets, and those of relying parties. */
  cluster_changed: whereBoth(({ settings: before }, { settings: after }) =>
    isSame(before.get('cluster'), after.get('cluster'))
      ? []
      : [widens(say`whoever runs the cluster that ${'gatewright:cluster'} names now, where secrets go`)],
  ),

  /** Whoever may read a namespace has what is put there. */
  target_namespace: whereSame((before, after) =>
    fieldChange(before, after, 'namespace', 'whoever may read secrets in'),
  ),

  /** Sessions and accounts are there. Its address is a secret as a whole: another password cannot be told from another place. */
  target_database: whereSame((before, after) =>
    isSame(field(before, 'database'), field(after, 'database'))
      ? []
      : [widens(say`whoever has an account where ${'target.database'} leads now`)],
  ),

  /** A program decides who passes; that of a reviewed commit is one, that of an image is another. */
  target_program: whereSame((before, after) =>
    isSame(field(before, 'image'), field(after, 'image')) && isSame(field(before, 'bundle'), field(after, 'bundle'))
      ? []
      : [widens(say`whoever the program of ${oneLine(field(after, 'image'))} lets pass`)],
  ),

  /** What is in front of the gateway may lead past it, and is believed about who asks. */
  target_entrance: whereSame((before, after) => fieldChange(before, after, 'ingress', 'whoever is let in by')),

  /** Metrics are read without a credential. */
  target_metrics: whereSame((before, after) => {
    const [former, present] = [before, after].map((target) => field(field(target, 'metrics'), 'namespace'))
    if (isSame(former, present)) return []
    return [
      ...(present === undefined ? [] : [widens(say`pods in ${oneLine(present)}, to read what is counted`)]),
      ...(former === undefined ? [] : [narrows(say`pods in ${oneLine(former)}, to read what is counted`)]),
    ]
  }),

  /** Variables of the program: one of Node's own can turn off that certificates are looked at, or load more code. */
  target_service: whereSame((before, after) => fieldChange(before, after, 'systemd', 'whoever is let in by')),

  /** A setting of which these rules know nothing. */
  target_setting_unknown: whereSame((before, after) =>
    changedFields(before, after)
      .filter((name) => !KNOWN.has(name))
      .map((name) =>
        widens(say`whoever the changed setting ${`target.${name}`} lets pass, which this review cannot tell`),
      ),
  ),
} satisfies Record<string, AccessRule<StackSide>>

/** Settings that are judged above and by `listener_exposed`, or that let nobody in and keep nobody out. */
const KNOWN: ReadonlySet<string> = new Set([
  'kind',
  'namespace',
  'image',
  'bundle',
  'ingress',
  'metrics',
  'systemd',
  'listen',
  'admin',
  'tls',
  'workers',
  'replicas',
  'resources',
  'volume',
  'pullSecret',
  'database',
])

function whereTargets(decide: (before: Plain, after: Plain) => Judgement[]): AccessRule<StackSide> {
  return whereBoth(({ settings: before }, { settings: after }) => decide(before.get('target'), after.get('target')))
}

/** A rule about two versions of one kind of place; of another one everything is said by `target_moved`. */
function whereSame(decide: (before: PlainMap, after: PlainMap) => Judgement[]): AccessRule<StackSide> {
  return whereTargets((before, after) =>
    isMoved(before, after) || !isPlainMap(before) || !isPlainMap(after) ? [] : decide(before, after),
  )
}

function isMoved(before: Plain, after: Plain): boolean {
  return kindOf(before) !== kindOf(after)
}

function kindOf(target: Plain): string {
  return oneLine(field(target, 'kind'))
}

function fieldChange(before: Plain, after: Plain, name: string, who: string): Judgement[] {
  const present = field(after, name)
  if (isSame(field(before, name), present)) return []
  const words = { parts: [who] }
  return [widens(say`${words} ${`target.${name}`} as it is now: ${oneLine(present)}`)]
}
