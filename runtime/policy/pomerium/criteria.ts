import { didYouMean } from '../nearest.ts'
import { parseNetwork } from '../networks.ts'
import { all, any, atom, comparison, type Condition, FALSE, text, TRUE } from './condition.ts'
import { matchList, matchString, oneText, subject, type Subject } from './matchers.ts'
import { Mistake } from './problem.ts'
import { matchDate, matchDayOfWeek, matchTimeOfDay } from './times.ts'

/** Made of what stands behind its name; `subPath` is what stands behind the name's slash. */
type Criterion = (data: unknown, subPath: string | undefined) => Condition

/**
 * What can be asked, each written so that it is never an error: what is not known is false.
 * @see https://www.pomerium.com/docs/internals/ppl#criteria
 */
const CRITERIA: Record<string, Criterion> = {
  accept: (data) => constant(data, TRUE),
  reject: (data) => constant(data, FALSE),
  authenticated_user: (data) => constant(data, TRUE),
  email: (data) => matchString(lowerCase(subject('user.email')), data),
  domain: (data) => matchString(lowerCase(DOMAIN), data),
  user: (data) => matchString(subject('user.id'), data),
  groups: (data) => matchList('user.groups', data),
  claim,
  claims: claim,
  http_method: (data) => matchString(subject('request.method'), data),
  http_path: (data) => matchString(subject('request.path'), data),
  source_ip: sourceIp,
  date: matchDate,
  day_of_week: matchDayOfWeek,
  time_of_day: matchTimeOfDay,
}

/** What a block of somebody else's may hold and a rule here cannot ask, with what to do instead. */
const ELSEWHERE: Record<string, string> = {
  cors_preflight:
    'set corsPreflight: true on the route: preflights come without a session and are let through before the rule',
  pomerium_routes: 'leave it out: paths of the gateway’s own are never asked about',
  client_certificate: 'client certificates are not known to rules',
  invalid_client_certificate: 'leave it out: client certificates are not known to rules',
  device: 'devices are not known to rules',
  record: 'external data is not known to rules: have the identity provider give a claim',
  mcp_tool: 'bodies of requests are not known to rules',
}

/**
 * One criterion of a block.
 * @param key its name, with a slash and a sub-path where it has one
 * @throws Mistake
 */
export function compileCriterion(key: string, data: unknown): Condition {
  const slash = key.indexOf('/')
  const name = slash < 0 ? key : key.slice(0, slash)
  const subPath = slash < 0 ? undefined : key.slice(slash + 1)
  const advice = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined
  if (advice !== undefined) throw new Mistake(`cannot be asked here: ${advice}`)
  const criterion = Object.hasOwn(CRITERIA, name) ? CRITERIA[name] : undefined
  if (!criterion) {
    const names = Object.keys(CRITERIA)
    throw new Mistake(`is no criterion${didYouMean(name, names) || `: there are ${names.join(', ')}`}`)
  }
  if (subPath !== undefined && criterion !== claim) throw new Mistake('takes nothing behind a slash')
  return criterion(data, subPath)
}

/** Its value is never looked at by Pomerium: `accept: false` would accept. */
function constant(data: unknown, condition: Condition): Condition {
  if (data !== true) throw new Mistake('must be true')
  return condition
}

/** An address has exactly one `@`, so that all of this is about the part behind it, and nothing else. */
const DOMAIN: Subject = {
  is: (value) => atom(`user.email.endsWith(${text(`@${withoutAt(value)}`)})`),
  startsWith: (value) => atom(`user.email.contains(${text(`@${withoutAt(value)}`)})`),
  endsWith: (value) => atom(`user.email.endsWith(${text(withoutAt(value))})`),
  contains: (value) => atom(`user.email.matchesRe2(${text(`@.*${literalPattern(withoutAt(value))}`)})`),
  oneOf: (values) => any(values.map((value) => DOMAIN.is(value))),
}

function withoutAt(value: string): string {
  if (value.includes('@')) throw new Mistake('is about the part behind the @: write it without one')
  return value
}

function literalPattern(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Addresses are kept in lower case; a rule that is not would be true of nobody. */
function lowerCase(of: Subject): Subject {
  return {
    is: (value) => of.is(value.toLowerCase()),
    startsWith: (value) => of.startsWith(value.toLowerCase()),
    endsWith: (value) => of.endsWith(value.toLowerCase()),
    contains: (value) => of.contains(value.toLowerCase()),
    oneOf: (values) => of.oneOf(values.map((value) => value.toLowerCase())),
  }
}

/** `claim/<name>: <value>`: the claim is that value, or a list that has it. */
function claim(data: unknown, name: string | undefined): Condition {
  if (name === undefined || name === '') throw new Mistake('needs the name of a claim: claim/department')
  if (name === 'groups') return matchList('user.groups', oneText(data))
  if (name === 'email') return matchString(lowerCase(subject('user.email')), oneText(data))
  if (name === 'name') return matchString(subject('user.name'), oneText(data))
  if (typeof data === 'string') return atom(`user.claims.holds(${text(name)}, ${text(oneText(data))})`)
  if (typeof data !== 'number' && typeof data !== 'boolean')
    throw new Mistake('must be a text, a number, true or false')
  const value = Number.isInteger(data) ? `${data}.0` : String(data)
  return all([comparison(`${text(name)} in user.claims`), comparison(`user.claims[${text(name)}] == ${value}`)])
}

/** A network, an address, or a list of them, one of which must have the client. */
function sourceIp(data: unknown): Condition {
  const networks = Array.isArray(data) ? data : [data]
  if (networks.length === 0) throw new Mistake('must be a network or a list of networks')
  return any(
    networks.map((network, index) => {
      try {
        parseNetwork(oneText(network))
      } catch (error) {
        const path = Array.isArray(data) ? [index] : []
        throw new Mistake(error instanceof Error ? error.message : String(error), path)
      }
      return atom(`request.ip.inNetwork(${text(String(network))})`)
    }),
  )
}
