import { markdown, page, table } from '../markdown.ts'
import { type Phrase, say } from '../phrase.ts'
import { type RuleReport, rulesSection, rulesVerdict } from '../rules/index.ts'
import type { EnginePlan, ResourceChange } from './plan.ts'
import { undecidedChanges } from './undecided.ts'
import { type AccessChange, accessChanges, describeDrift, describePlanned } from './words.ts'

/**
 * Renders what a deployment would do, for a reviewer.
 * @param stack the stack's name, for the heading
 * @param rules of the stack file; without them nothing is said of rules
 * @returns GitHub Flavored Markdown that ends with a line feed, and whether somebody may pass who could not before, or that
 *   cannot be told
 */
export function renderPlan(plan: EnginePlan, stack: string, rules?: RuleReport): { text: string; widened: boolean } {
  const access = accessChanges(plan.access.before, plan.access.after)
  const undecided = undecidedChanges(plan)
  const widened = access.some(({ kind }) => kind === 'gains') || undecided.length > 0
  const said = [verdict(plan, access, undecided), ...(rules ? [rulesVerdict(rules)] : [])].filter((text) => text !== '')
  const text = page(markdown(say`Deployment of ${stack}`), said.join(' '), [
    { title: 'Who gains and who loses access', lines: accessTable(access) },
    ...(rules ? [rulesSection(rules)] : []),
    { title: 'Changed by hand since the last deployment', lines: byPlace(plan.drift, plan.issuers, describeDrift) },
    { title: 'What the deployment does', lines: byPlace(plan.planned, plan.issuers, describePlanned) },
    { title: 'Said meanwhile', lines: plan.messages.map((message) => item(say`${message}`)) },
  ])
  return { text, widened }
}

function verdict(
  { planned, drift }: EnginePlan,
  access: readonly AccessChange[],
  undecided: readonly ResourceChange[],
): string {
  if (access.some(({ kind }) => kind === 'gains')) return 'Access widens.'
  if (undecided.length > 0) {
    return `Access may widen: no rule lets more people in, but what is changed below may (${undecided.length}); \`--against\` tells more.`
  }
  if (access.length > 0) return 'Access narrows: nobody gains.'
  if (drift.length > 0) return 'Somebody has changed things by hand; the deployment puts them back.'
  return planned.length > 0 ? 'Access stays as it is.' : 'Nothing changes.'
}

function accessTable(changes: readonly AccessChange[]): string[] {
  const rows = Map.groupBy(changes, ({ route }) => route)
  return table(
    ['route', 'gain access', 'lose access'],
    [...rows].map(([route, found]) => {
      const column = (kind: AccessChange['kind']): string =>
        found
          .filter((change) => change.kind === kind)
          .map(({ words, rule }) => markdown(say`${words}: ${rule}`))
          .join('<br>')
      return [markdown(say`${route}`), column('gains'), column('loses')]
    }),
  )
}

/** A list for each identity provider, headed by the tenant, for each relying party, and one for the gateway itself. */
function byPlace(
  changes: readonly ResourceChange[],
  issuers: EnginePlan['issuers'],
  describe: (change: ResourceChange) => Phrase[],
): string[] {
  const places = Map.groupBy(changes, ({ identityProvider: id, relyingParty = '' }) => id ?? ` ${relyingParty}`)
  return [...places.values()].flatMap((found) => [
    item(placeOf(found[0], issuers)),
    ...found.flatMap((change) => {
      const [head, ...rest] = describe(change)
      return [...(head ? [`  ${item(head)}`] : []), ...rest.map((phrase) => `    ${item(phrase)}`)]
    }),
  ])
}

function placeOf(change: ResourceChange | undefined, issuers: EnginePlan['issuers']): Phrase {
  const { identityProvider: id, relyingParty } = change ?? {}
  if (relyingParty !== undefined) return say`relying party ${relyingParty}`
  return id === undefined ? say`the gateway` : say`${id}, at ${issuers[id] ?? 'an unknown address'}`
}

function item(phrase: Phrase): string {
  return `- ${markdown(phrase)}`
}
