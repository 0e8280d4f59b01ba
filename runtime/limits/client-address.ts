import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Where a request comes from, as far as we can know. */
export interface Client {
  /** An IP address: IPv4 also where it came mapped into IPv6. Empty when the connection is gone already. */
  address: string
  /**
   * Many people may share the address, because it is a proxy's: one in our own network that nobody has named in
   * `trustedProxies`, or a named one that does not say for whom it asks.
   */
  shared: boolean
  /** Whether the address is the client's: a trusted proxy that does not say for whom it asks tells only its own. */
  known: boolean
}

interface Received {
  headers: IncomingHttpHeaders
  socket: { remoteAddress?: string | undefined }
}

/** More proxies in a row than anybody has: who writes a longer list does not make us read it. */
const MAX_HOPS = 32

/** RFC 1918, RFC 4193, RFC 3927, RFC 4291 §2.4 and loopback: where proxies of our own stand, and no stranger. */
const PRIVATE_NETWORKS = '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 127.0.0.0/8 ::1/128 fc00::/7 fe80::/10'

const privateNetworks = blockList(PRIVATE_NETWORKS.split(' '))

/**
 * Makes the function that finds a request's client: the right-most entry of X-Forwarded-For that is no trusted proxy, the
 * left-most where all are, and the peer itself unless that is one. What stands further left was written by the client, and says nothing.
 * @param trustedProxies networks in CIDR notation
 */
export function createClientAddresses(trustedProxies: readonly string[]): (request: Received) => Client {
  const trusted = blockList(trustedProxies)
  // A connection stays between the same two.
  const strangers = new WeakMap<object, Client>()
  return ({ headers, socket }) => {
    const known = strangers.get(socket)
    if (known) return known
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (trustedProxies.length === 0 || !contains(trusted, peer)) {
      const stranger = { address: peer, shared: contains(privateNetworks, peer), known: true }
      strangers.set(socket, stranger)
      return stranger
    }
    const hops = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .slice(-MAX_HOPS)
    for (const hop of hops.toReversed()) {
      const address = hopAddress(hop)
      // What a trusted proxy wrote and nobody can read: it asks for somebody, and does not say for whom.
      if (address === undefined) return { address: peer, shared: true, known: false }
      if (!contains(trusted, address)) return { address, shared: false, known: true }
    }
    // One of our own asks for itself; of a longer list nobody has seen the beginning.
    const own = hops.length < MAX_HOPS ? hopAddress(hops[0] ?? '') : undefined
    return { address: own ?? peer, shared: true, known: own !== undefined }
  }
}

/**
 * Under which an address is counted. A household or a server has a whole /64 of IPv6 (RFC 6177 §2), and could use another
 * address for each request.
 * @param address as `Client` has it
 */
export function countingKey(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::', 2)
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : [])
  // An IPv4 tail stands for two groups, and both lie in the lower half.
  const after = groups(tail).flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : [group]))
  const before = groups(head)
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const whole = [...before, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...after]
  return `${whole.slice(0, 4).map(shortGroup).join(':')}::/64`
}

function shortGroup(group: string): string {
  return Number.parseInt(group, 16).toString(16)
}

/** An entry of the list: an address, or one with a port, as some proxies write it. */
function hopAddress(hop: string): string | undefined {
  const text = hop.trim()
  const bare = /^\[(?<v6>[^\]]+)\](?::\d+)?$|^(?<v4>[\d.]+):\d+$/.exec(text)?.groups
  const address = plainAddress(bare?.['v6'] ?? bare?.['v4'] ?? text)
  return isIP(address) === 0 ? undefined : address
}

/** Without zone, and IPv4 as such (RFC 4291 §2.5.5.2). */
function plainAddress(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '')
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/', 2)
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return list
}

function contains(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
