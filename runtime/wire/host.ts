import { isIPv6 } from 'node:net'

/** Labels of letters, digits, dash and underscore (container names have it), at most one dot at the end, a port without zeros in front. */
const HOST = /^(?<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[(?<ipv6>[0-9a-f:.]+)\])(?::(?<port>[1-9]\d{0,4}))?$/

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** Spellings that came lately and were valid, with their keys: every request asks, mostly for one of few. */
const recent = new Map<string, string>()
const MAX_RECENT = 1_000

/**
 * The one spelling of a Host under which routes are looked up: lower case, without the root's dot.
 * @param host the value of a Host header
 * @returns `name` or `name:port`; undefined when it is no valid host
 * @see RFC 9110 §7.2, §4.2.3
 */
export function hostKey(host: string): string | undefined {
  const known = recent.get(host)
  if (known !== undefined) return known
  const key = parseHost(host)
  if (key === undefined) return undefined
  if (recent.size >= MAX_RECENT) recent.clear()
  recent.set(host, key)
  return key
}

function parseHost(host: string): string | undefined {
  const parts = HOST.exec(host.toLowerCase())?.groups
  if (!parts?.name || host.length > 260) return undefined
  if (parts.ipv6 !== undefined && !isIPv6(parts.ipv6)) return undefined
  const port = parts.port
  if (port !== undefined && Number(port) > 65_535) return undefined
  const name = parts.name.replace(/\.$/, '')
  return port === undefined ? name : `${name}:${port}`
}

/**
 * Every host key under which requests for an origin may arrive: with its port, and without where it is the default one.
 * A route table holds all of them, so that a lookup needs neither scheme nor a second try.
 * @param origin `scheme://host[:port]`, as `URL.origin` spells it
 * @throws TypeError when it is no URL
 */
export function originHostKeys(origin: string): readonly string[] {
  const url = new URL(origin)
  const name = url.hostname.replace(/\.$/, '')
  if (url.port !== '') return [`${name}:${url.port}`]
  const port = DEFAULT_PORTS[url.protocol]
  return port === undefined ? [name] : [name, `${name}:${port}`]
}
