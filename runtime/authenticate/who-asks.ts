import type { Client, Counted } from '../limits/index.ts'
import type { Device } from '../store/index.ts'

/** Longer ones tell a person nothing more. */
const MAX_USER_AGENT = 256

/** The client's address as logs and sessions keep it: empty where only a proxy's is known. */
export function addressOf({ address, known }: Client): string {
  return known ? address : ''
}

/** By what attempts at a password are counted, and which address the log says. */
export function triedBy(client: Client): Counted {
  return { address: addressOf(client), shared: client.shared }
}

/** The browser as it shows itself, for its owner to know it by. */
export function deviceOf(client: Client, request: Request): Device {
  const userAgent = (request.headers.get('user-agent') ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, MAX_USER_AGENT)
  return { address: addressOf(client), userAgent }
}
