/** What a request for an address says, as somebody wrote it: nothing is resolved, decoded or put in order. */
export interface Address {
  /** The text itself. */
  href: string
  /** The Host header. */
  host: string
  /** The request line's target. */
  target: string
}

/** Scheme and authority, what a request names, and the fragment, which no request has (RFC 9110 §4.2.5). */
const ADDRESS = /^(?<origin>https?:\/\/[^/?#\\\s]+)(?<target>(?:[/?][^#]*)?)(?:#.*)?$/is

/**
 * Reads an address without bringing it into the form that browsers do: what they would make of `/a/../b` is one thing, what
 * somebody sends is another, and the gateway is asked by anybody.
 * @returns nothing for what is no address of a page
 */
export function readAddress(text: string): Address | undefined {
  const { origin = '', target = '' } = ADDRESS.exec(text)?.groups ?? {}
  const host = URL.parse(origin)?.host
  if (host === undefined) return undefined
  return { href: text, host, target: target.startsWith('/') ? target : `/${target}` }
}
