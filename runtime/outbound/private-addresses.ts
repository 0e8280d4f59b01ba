import { BlockList, isIP } from 'node:net'

/** IPv4 that leads into our own network or nowhere (IANA IPv4 Special-Purpose Address Registry; RFC 6890). */
const IPV4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/**
 * Within global unicast: what carries an IPv4 address of its own choice (Teredo, 6to4) and what documents are written
 * with (IANA IPv6 Special-Purpose Address Registry).
 */
const IPV6_EXCEPTIONS: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** Addresses that DNS64 makes for names that have IPv4 alone: as good as what they carry (RFC 6052 §2.1). */
const NAT64 = '64:ff9b::'

const refused = new BlockList()
for (const [network, prefix] of IPV4) {
  refused.addSubnet(network, prefix, 'ipv4')
  refused.addSubnet(NAT64 + network, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of IPV6_EXCEPTIONS) refused.addSubnet(network, prefix, 'ipv6')

/** All else is loopback, link-local, unique-local, multicast, IPv4-mapped or not given out (RFC 4291 §2.4). */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
global6.addSubnet(NAT64, 96, 'ipv6')

/**
 * Whether an address is none of the public internet's: loopback, link-local, private, shared (CGNAT), unique-local,
 * multicast, IPv4-mapped, reserved, or no address at all.
 * @param address as a resolver gives it, or as it stands in a URL without its brackets
 */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return refused.check(address, 'ipv4')
    case 6:
      // A zone (`fe80::1%eth0`) belongs to link-local addresses, and a BlockList cannot read it.
      return address.includes('%') || !global6.check(address, 'ipv6') || refused.check(address, 'ipv6')
    default:
      return true
  }
}
