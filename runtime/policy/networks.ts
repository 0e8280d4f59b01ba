import { BlockList, isIP } from 'node:net'

/** IPv4 inside IPv6 (RFC 4291 §2.5.5.2): its networks are written as IPv4, which then means both. */
const MAPPED = /^::ffff:/i

/**
 * A network as a rule writes it: `10.0.0.0/8`, `2001:db8::/32`, or one address.
 * @param text as it stands in the rule
 * @returns asks whether an address lies in it; an IPv4 address also where it is mapped into IPv6
 * @throws RangeError that says what is wrong with it
 */
export function parseNetwork(text: string): (address: string) => boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0 || address.includes('%')) {
    throw new RangeError('this is no network: write it like 10.0.0.0/8 or 2001:db8::/32')
  }
  if (MAPPED.test(address)) throw new RangeError('write an IPv4 network as such: it counts for mapped addresses too')
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : Number(prefix)
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && length <= bits)) {
    throw new RangeError(`the prefix of a network is a number from 0 to ${bits}`)
  }
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, length, family)
  return (candidate) => contains(list, family, candidate)
}

/** @throws RangeError for what is no address: then nobody knows where it lies, and neither answer would be true */
function contains(list: BlockList, family: 'ipv4' | 'ipv6', candidate: string): boolean {
  const address = candidate.replace(/%.*$/, '')
  const version = isIP(address)
  if (version === 0) throw new RangeError('the address of the client is not known')
  if (version === 4) return family === 'ipv4' && list.check(address, 'ipv4')
  // `::/0` means IPv6, and not the IPv4 that came inside of it.
  return family === 'ipv6' && isMapped(address) ? false : list.check(address, 'ipv6')
}

const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

function isMapped(address: string): boolean {
  return mapped.check(address, 'ipv6')
}
