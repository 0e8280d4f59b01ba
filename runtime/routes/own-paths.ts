/** Paths below this one, on every app's host, are the gateway's and never the app's. */
const OWN_PATH_PREFIX = '/.gatewright/'

/** Where an app that was written for Pomerium asks its own host for the keys of its assertions. */
export const POMERIUM_JWKS_PATH = '/.well-known/pomerium/jwks.json'

/**
 * Whether a path of an app's host is the gateway's own, whatever route has it.
 * @param path the canonical one
 * @param host `speaksPomerium`: some route of it has `identity.pomerium`
 */
export function isOwnPath(path: string, { speaksPomerium }: { speaksPomerium: boolean }): boolean {
  return path.startsWith(OWN_PATH_PREFIX) || (speaksPomerium && path === POMERIUM_JWKS_PATH)
}
