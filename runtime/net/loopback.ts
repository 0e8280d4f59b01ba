import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/**
 * Says whether a host name always means this machine.
 * @param hostname a name or address without a port, as `URL.hostname` gives it
 * @see RFC 6761 §6.3 (`localhost.` and all names below it)
 */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/**
 * A `lookup` for sockets that resolves `*.localhost` to 127.0.0.1 and leaves every other name to the system:
 * browsers follow RFC 6761 by themselves, the system's resolver often does not.
 */
export const loopbackLookup: LookupFunction = (hostname, options, callback) => {
  if (!isLoopbackHost(hostname) || hostname.startsWith('127.')) {
    systemLookup(hostname, options, callback)
    return
  }
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}
