import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'

import * as z from 'zod'

import { normalizeEmail } from '../../runtime/providers/index.ts'
import { type Address, readAddress } from './address.ts'

export const usage = `npm run explain -- <stack> <address or person.json> <url>
  [--name <name>] [--group <group>]… [--provider <id>] [--claim <name>=<value>]… [--program]
  [--signed-in <minutes ago>] [--acr <class>] [--amr <method>]…
  [--method <method>] [--ip <address>] [--time <2030-01-31T09:00:00Z>]`

const claim = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])

/** Somebody of whom it is asked, as a JSON file describes them. */
const personSchema = z.strictObject({
  email: z.string().default(''),
  name: z.string().default(''),
  groups: z.array(z.string()).default([]),
  /** The identity provider; for a program `service-account:<id>` or `token-issuer:<id>`. */
  provider: z.string().optional(),
  kind: z.enum(['person', 'program']).default('person'),
  claims: z.record(z.string(), claim).default({}),
  acr: z.string().default(''),
  amr: z.array(z.string()).default([]),
  /** How long ago they showed a credential. */
  signedInMinutesAgo: z.number().nonnegative().optional(),
})

export type Person = z.infer<typeof personSchema>

/** What is asked: whether this person may do that at this address. */
export interface Question {
  stack: string
  person: Person
  url: Address
  method: string
  /** Empty where it is not said. */
  ip: string
  /** Milliseconds since 1970. */
  time: number
}

/**
 * Reads the command's arguments; what stands on the command line counts before what a person's file says.
 * @param now milliseconds since 1970
 * @throws TypeError that says which argument is wrong
 */
export function readQuestion(args: readonly string[], now: number): Question {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [stack, who, address, ...rest] = positionals
  if (stack === undefined || who === undefined || address === undefined || rest.length > 0) {
    throw new TypeError('Name a stack, a person and a URL.')
  }
  const url = readAddress(address)
  if (!url) throw new TypeError(`${address} is no URL: write https://…`)
  const { method = 'GET', ip = '', time } = values
  if (ip !== '' && isIP(ip) === 0) throw new TypeError(`--ip: ${ip} is no address.`)
  const at = time === undefined ? now : Date.parse(time)
  if (Number.isNaN(at)) throw new TypeError(`--time: ${time} is no time: write it like 2030-01-31T09:00:00Z.`)
  return { stack, person: readPerson(who, values), url, method: method.toUpperCase(), ip, time: at }
}

const OPTIONS = {
  name: { type: 'string' },
  group: { type: 'string', multiple: true },
  provider: { type: 'string' },
  claim: { type: 'string', multiple: true },
  program: { type: 'boolean' },
  'signed-in': { type: 'string' },
  acr: { type: 'string' },
  amr: { type: 'string', multiple: true },
  method: { type: 'string' },
  ip: { type: 'string' },
  time: { type: 'string' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

function readPerson(who: string, values: Values): Person {
  const described = who.endsWith('.json') ? readFile(who) : personSchema.parse({ email: addressOf(who, values) })
  return {
    ...described,
    email: described.email === '' ? '' : (normalizeEmail(described.email) ?? unusable(described.email)),
    ...given('name', values.name),
    ...given('groups', values.group),
    ...given('provider', values.provider),
    ...given('acr', values.acr),
    ...given('amr', values.amr),
    ...given('kind', values.program ? ('program' as const) : undefined),
    ...given('signedInMinutesAgo', minutesOf(values['signed-in'])),
    claims: { ...described.claims, ...Object.fromEntries((values.claim ?? []).map(readClaim)) },
  }
}

/** A program has no address; what stands in its place is what it is called. */
function addressOf(who: string, { program }: Values): string {
  return program ? '' : who
}

function unusable(email: string): never {
  throw new TypeError(`${email} is no plain address: a provider's word for it would not count.`)
}

function given<Name extends keyof Person>(name: Name, value: Person[Name] | undefined): Partial<Person> {
  return value === undefined ? {} : { [name]: value }
}

function minutesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+(?:\.\d+)?$/.test(text)) throw new TypeError(`--signed-in: ${text} is no number of minutes.`)
  return Number(text)
}

/** `level=5` is a number, `level="5"` a text, `roles=["a","b"]` a list, and all else the text that it is. */
function readClaim(text: string): [string, Person['claims'][string]] {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new TypeError(`--claim: write ${JSON.stringify(text)} as <name>=<value>.`)
  try {
    const parsed = claim.safeParse(JSON.parse(value))
    return [name, parsed.success ? parsed.data : value]
  } catch {
    return [name, value]
  }
}

function readFile(file: string): Person {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new TypeError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  const read = personSchema.safeParse(json)
  if (!read.success) throw new TypeError(`${file} describes no person:\n${z.prettifyError(read.error)}`)
  return read.data
}
