import type { NoComparison, StackChanges } from './comparison.ts'
import type { Effect, Finding, Subject } from './finding.ts'
import { markdown, page, type Section, table } from './markdown.ts'
import { type Phrase, say } from './phrase.ts'
import type { ProviderChange } from './provider-changes.ts'
import { type RuleReport, rulesSection, rulesVerdict } from './rules/index.ts'

/**
 * Renders a comparison for a pull request.
 * @param stack the stack's name, for the heading
 * @param rules of the new version; without them nothing is said of rules
 * @returns GitHub Flavored Markdown that ends with a line feed; the same for the same comparison
 */
export function renderReview(comparison: StackChanges | NoComparison, stack: string, rules?: RuleReport): string {
  const [access, ...rest] = comparison.comparable ? changeSections(comparison) : [problemSection(comparison)]
  const sections = [...(access ? [access] : []), ...(rules ? [rulesSection(rules)] : []), ...rest]
  const said = [verdict(comparison), ...(rules ? [rulesVerdict(rules)] : [])].filter((text) => text !== '')
  return page(markdown(say`Stack ${stack}`), said.join(' '), sections)
}

function verdict(comparison: StackChanges | NoComparison): string {
  if (!comparison.comparable) return 'The two versions cannot be compared: take it that access widens.'
  const { access, widened, ...others } = comparison
  if (widened) return 'Access widens: somebody may pass who could not before, or it cannot be proven that nobody may.'
  if (access.length > 0) return 'Access narrows: nobody gains.'
  const isChanged = Object.values(others).some((part) => Array.isArray(part) && part.length > 0)
  return isChanged ? 'Access stays as it is.' : 'Nothing changes.'
}

function changeSections(changes: StackChanges): Section[] {
  return [
    { title: 'Who gains and who loses access', lines: accessTable(changes.access) },
    { title: 'Identity providers', lines: changes.identityProviders.flatMap(providerLines) },
    {
      title: 'Callback URLs',
      lines: table(
        ['identity provider', 'change', 'URL'],
        changes.callbacks.map(({ identityProvider, change, url }) => [quoted(identityProvider), change, quoted(url)]),
      ),
    },
    {
      title: 'Client secrets',
      lines: changes.clientSecrets.flatMap(({ id, says }) => says.map((phrase) => item(say`${id}: ${phrase}`))),
    },
    { title: 'Routes', lines: changes.routes.map(item) },
    { title: 'Relying parties', lines: changes.relyingParties.map(item) },
    { title: 'The rest of the stack', lines: changes.settings.map(item) },
  ]
}

/** A row for each route, provider or stack that somebody gains or loses by. */
function accessTable(findings: readonly Finding[]): string[] {
  const rows = Map.groupBy(findings, ({ subject: { kind, id } }) => `${kind} ${id}`)
  return table(
    ['where', 'gain access', 'lose access'],
    [...rows.values()].map((found) => {
      const column = (effect: Effect): string =>
        found
          .filter((finding) => finding.effect === effect)
          .map(({ says }) => markdown(says))
          .join('<br>')
      return [found[0] ? markdown(whereOf(found[0].subject)) : '', column('widens'), column('narrows')]
    }),
  )
}

function whereOf({ kind, id, routes }: Subject): Phrase {
  if (kind === 'stack') return say`everywhere`
  if (kind === 'route') return say`route ${id}`
  if (kind === 'brand') return say`brand ${id}`
  if (kind === 'relyingParty') return say`relying party ${id}`
  return routes.length > 0
    ? say`identity provider ${id}, at ${routes}`
    : say`identity provider ${id}, at no route that asks for a rule`
}

function providerLines({ id, change, says, forcedBy, settings }: ProviderChange): string[] {
  const why = forcedBy.length > 0 ? say`, because of ${forcedBy}` : say``
  const words = { parts: [`**${change}**`] }
  return [item(say`${id} is ${words}${why}: ${says}`), ...settings.map((phrase) => `  ${item(phrase)}`)]
}

function problemSection({ problems }: NoComparison): Section {
  const lines = problems.map(({ version, problem: { path, message } }) => {
    const which = { parts: [version === 'before' ? 'the version before' : 'the new version'] }
    return item(say`${which}: ${path} ${message}`)
  })
  return { title: 'Mistakes in the stack file', lines }
}

function item(phrase: Phrase): string {
  return `- ${markdown(phrase)}`
}

function quoted(text: string): string {
  return markdown(say`${text}`)
}
