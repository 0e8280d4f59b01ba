import { markdown, table } from '../markdown.ts'
import { type Phrase, say } from '../phrase.ts'
import type { EnginePlan, ResourceChange } from './plan.ts'
import { type AccessChange, accessChanges, describeDrift, describePlanned } from './words.ts'

/**
 * Renders what a deployment would do, for a reviewer.
 * @param stack the stack's name, for the heading
 * @returns GitHub Flavored Markdown that ends with a line feed, and whether somebody may pass who could not before
 */
export function renderPlan(plan: EnginePlan, stack: string): { text: string; widened: boolean } {
  const access = accessChanges(plan.access.before, plan.access.after)
  const widened = access.some(({ kind }) => kind === 'gains')
  const sections = [
    ['Who gains and who loses access', accessTable(access)],
    ['Changed by hand since the last deployment', byPlace(plan.drift, plan.issuers, describeDrift)],
    ['What the deployment does', byPlace(plan.planned, plan.issuers, describePlanned)],
    ['Said meanwhile', plan.messages.map((message) => item(say`${message}`))],
  ] as const
  const bodies = sections.filter(([, lines]) => lines.length > 0)
  const heading = [markdown(say`## Deployment of ${stack}`), '', `**${verdict(plan, access)}**`]
  const text = [...heading, ...bodies.flatMap(([title, lines]) => ['', `### ${title}`, '', ...lines]), ''].join('\n')
  return { text, widened }
}

function verdict({ planned, drift }: EnginePlan, access: readonly AccessChange[]): string {
  if (access.some(({ kind }) => kind === 'gains')) return 'Access widens.'
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

/** A list for each identity provider, headed by the tenant, and one for the gateway itself. */
function byPlace(
  changes: readonly ResourceChange[],
  issuers: EnginePlan['issuers'],
  describe: (change: ResourceChange) => Phrase[],
): string[] {
  const places = Map.groupBy(changes, ({ identityProvider }) => identityProvider)
  return [...places].flatMap(([id, found]) => [
    item(id === undefined ? say`the gateway` : say`${id}, at ${issuers[id] ?? 'an unknown address'}`),
    ...found.flatMap((change) => {
      const [head, ...rest] = describe(change)
      return [...(head ? [`  ${item(head)}`] : []), ...rest.map((phrase) => `    ${item(phrase)}`)]
    }),
  ])
}

function item(phrase: Phrase): string {
  return `- ${markdown(phrase)}`
}
