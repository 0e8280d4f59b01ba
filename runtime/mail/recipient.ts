import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** Limits of RFC 5321 §4.5.3.1, in octets. */
const LOCAL_PART_AT_MOST = 64
const ADDRESS_AT_MOST = 254

/** Without quotes, comments, lists and routes: RFC 5322's `dot-atom`, and other scripts (RFC 6531 §3.3). */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
/** Looked at before it is made ASCII, which takes line ends out and ends at a slash (URL Standard, host parsing). */
const DOMAIN_CHARACTERS = /^[\p{L}\p{M}\p{N}.-]+$/u
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/

/** Who gets a mail. */
export interface Recipient {
  /** The domain is in ASCII. */
  address: string
  /** What a log may say. */
  domain: string
}

/**
 * Reads an address that mail may go to. A quoted local part is none: mail programs and servers have disagreed about where it
 * ends, and then a mail goes to a stranger's domain.
 * @param value anything
 * @returns undefined for what is not exactly one address
 * @see RFC 5321 §4.1.2 (Mailbox)
 */
export function readRecipient(value: string): Recipient | undefined {
  const at = value.lastIndexOf('@')
  const local = value.slice(0, Math.max(at, 0))
  const written = value.slice(at + 1)
  const domain = DOMAIN_CHARACTERS.test(written) ? domainToASCII(written) : ''
  const address = `${local}@${domain}`
  const fits = Buffer.byteLength(local) <= LOCAL_PART_AT_MOST && Buffer.byteLength(address) <= ADDRESS_AT_MOST
  return fits && LOCAL_PART.test(local) && DOMAIN.test(domain) && isIP(domain) === 0 ? { address, domain } : undefined
}
