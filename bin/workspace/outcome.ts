import * as z from 'zod'

const person = z.object({ name: z.string().optional(), password: z.string(), groups: z.array(z.string()).default([]) })
const people = z
  .union([
    z.array(person),
    z.record(z.string(), person).transform((all) => Object.entries(all).map(([name, rest]) => ({ name, ...rest }))),
  ])
  .catch([])
const routes = z.record(z.string(), z.object({ from: z.string() })).catch({})
const address = z.string().optional().catch(undefined)

const pastTense: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  replace: 'replaced',
  read: 'read',
}

/** An output of a stack, as the Automation API gives it. */
export interface StackOutput {
  value: unknown
  secret: boolean
}

/** What an update did: how many resources per operation, `same` among them. */
export type ResourceChanges = Readonly<Record<string, number | undefined>>

/**
 * Says how an update ended: what changed, where the apps are, who can sign in.
 * @param outputs the stack's: `routes`, `authenticateUrl`, `mailbox` and `people` are shown, each where it is there
 * @param hints commands that come next, with what they do
 */
export function describeOutcome(
  outputs: Readonly<Record<string, StackOutput>>,
  changes: ResourceChanges,
  hints: Readonly<Record<string, string>>,
): string {
  const signIns = people.parse(outputs['people']?.value ?? [])
  const rows = signIns.map(({ name, password, groups }) => [name ?? '', password, groups.join(', ')])
  const sections = [
    describeChanges(changes),
    section('Open', addresses(outputs)),
    rows.length === 0
      ? ''
      : section('Who can sign in, by the identity provider’s button', [['name', 'password', 'groups'], ...rows]),
    section('Next', Object.entries(hints)),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function describeChanges(changes: ResourceChanges): string {
  const counts = Object.entries(changes).filter(([operation, count]) => operation !== 'same' && (count ?? 0) > 0)
  if (counts.length === 0) return 'Up to date: nothing changed.'
  return `Done: ${counts.map(([operation, count]) => `${count} ${pastTense[operation] ?? operation}`).join(', ')}.`
}

function addresses(outputs: Readonly<Record<string, StackOutput>>): string[][] {
  const apps = Object.entries(routes.parse(outputs['routes']?.value ?? {})).map(([name, { from }]) => [name, from])
  const signIn = address.parse(outputs['authenticateUrl']?.value)
  const mailbox = address.parse(outputs['mailbox']?.value)
  return [
    ...apps,
    ...(signIn === undefined ? [] : [['(sign-in page)', signIn]]),
    ...(mailbox === undefined ? [] : [['(mailbox)', mailbox]]),
  ]
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return [title, ...lines.map((line) => `  ${line.trimEnd()}`)].join('\n')
}
