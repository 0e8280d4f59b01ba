import type { Answered, Asked } from '../server.ts'

/** How many things a page of a list has: few, so that lists have pages. */
const PAGE_SIZE = 2

/** Graph's error body. */
export function graphError(status: number, code: string, message: string): Answered {
  const date = new Date().toISOString()
  return { status, body: { error: { code, message, innerError: { date, 'request-id': 'emulated' } } } }
}

export function notFound(what: string): Answered {
  const text = `Resource '${what}' does not exist or one of its queried reference-property objects are not present.`
  return graphError(404, 'Request_ResourceNotFound', text)
}

export function badRequest(message: string): Answered {
  return graphError(400, 'Request_BadRequest', message)
}

/** One page of a list, with the link to the next one. */
export function page(asked: Asked, things: readonly object[]): Answered {
  const { url } = asked
  const from = Number(url.searchParams.get('$skiptoken') ?? 0)
  const asMany = Number(url.searchParams.get('$top') ?? PAGE_SIZE)
  const next = new URL(url)
  next.searchParams.set('$skiptoken', String(from + asMany))
  const select = url.searchParams.get('$select')?.split(',')
  const value = things.slice(from, from + asMany).map((thing) => (select ? pick(thing, select) : thing))
  return { body: { value, ...(from + asMany < things.length ? { '@odata.nextLink': next.href } : {}) } }
}

/** One thing, with the members that were asked for. */
export function single(asked: Asked, thing: object): Answered {
  const select = asked.url.searchParams.get('$select')?.split(',')
  return { body: select ? pick(thing, select) : thing }
}

function pick(thing: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(thing).filter(([name]) => names.includes(name)))
}

interface Filterable {
  displayName: string
  tags?: string[]
  appId?: string
  securityEnabled?: boolean
}

/**
 * Applies `$filter`, of which Graph's users here need three forms.
 * @returns undefined for any other form, which is to be a 400
 */
export function filtered<Thing extends Filterable>(asked: Asked, all: readonly Thing[]): Thing[] | undefined {
  const whole = asked.url.searchParams.get('$filter') ?? ''
  if (whole === '') return [...all]
  const filter = whole.replace(/ and securityEnabled eq true$/, '')
  const things = all.filter(({ securityEnabled }) => filter === whole || securityEnabled)
  const equal = /^(displayName|appId) eq '((?:[^']|'')*)'$/.exec(filter)
  if (equal) {
    const [, name, text = ''] = equal
    const wanted = text.replaceAll("''", "'").toLowerCase()
    return things.filter((thing) => (name === 'appId' ? thing.appId : thing.displayName)?.toLowerCase() === wanted)
  }
  const starts = /^startswith\(displayName,\s*'((?:[^']|'')*)'\)$/i.exec(filter)
  if (starts) {
    const wanted = (starts[1] ?? '').replaceAll("''", "'").toLowerCase()
    return things.filter(({ displayName }) => displayName.toLowerCase().startsWith(wanted))
  }
  const tagged = /^tags\/any\((\w+):\1 eq '((?:[^']|'')*)'\)$/.exec(filter)
  const tag = tagged?.[2]?.replaceAll("''", "'")
  return tag === undefined ? undefined : things.filter(({ tags }) => tags?.includes(tag))
}
