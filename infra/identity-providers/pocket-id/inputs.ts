import { createHash } from 'node:crypto'

import type { ClientRequest } from '../identity-provider.ts'

/** What Pocket ID takes as a name, in characters. */
const MAX_NAME_LENGTH = 50
/** What Pocket ID takes as a client id, in characters. */
const MAX_ID_LENGTH = 128
const DIGEST_LENGTH = 12

/** Whose client it is: one of its kind in the world of this project. */
export interface ClientKey {
  project: string
  stack: string
  identityProvider: string
  relyingParty: string
}

/**
 * What the client is to be, apart from where and for which groups: scopes, grants and the groups claim need no setting at
 * Pocket ID, and it knows no back-channel logout.
 */
export function clientInputs(request: ClientRequest, key: ClientKey) {
  return {
    clientId: chooseClientId(key),
    ...(request.import === undefined ? {} : { takeOver: request.import }),
    name: shorten(request.clientName),
    callbackUrls: request.redirectUris,
    logoutCallbackUrls: request.postLogoutRedirectUris,
    launchUrl: request.homeUrl,
    isPublic: false,
    pkceEnabled: request.pkce,
  }
}

/**
 * The same for the same client whenever it is asked for, so that a create which was interrupted finds what it had made;
 * another one for every other.
 */
export function chooseClientId({ project, stack, identityProvider, relyingParty }: ClientKey): string {
  const parts = [project, stack, identityProvider, relyingParty]
  // The names may have dots and dashes themselves.
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, DIGEST_LENGTH)
  const readable = parts.join('.').replace(/[^a-zA-Z0-9._-]/g, '-')
  return `${readable.slice(0, MAX_ID_LENGTH - DIGEST_LENGTH - 1)}.${digest}`
}

/** What people see; nothing is found by it. */
function shorten(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH - 1).trimEnd()}…`
}
