import { hash, timingSafeEqual } from 'node:crypto'

import type { ReceivedRequest } from '../wire/index.ts'

/** Where another proxy asks, at whatever host: 401 for who is not signed in, and where to sign in in `Location`. */
export const VERIFY_PATH = '/.gatewright/verify'

/**
 * The same for a proxy that hands our answer to the browser as it is: 302 to sign in. What stands behind the path is the
 * original target, for a proxy that asks so (Envoy).
 */
export const VERIFY_OR_REDIRECT_PATH = '/.gatewright/verify-or-redirect'

/** In which the caller shows the secret. */
export const SECRET_HEADER = 'X-Gatewright-Forward-Auth'

/** What another proxy wants to know, and how. */
export interface Question {
  /** What a browser is to be answered that has to sign in first. */
  signIn: 'unauthorized' | 'redirect'
  /** The original target; undefined where headers say it. */
  target: string | undefined
}

/** Tells proxies that may ask from everybody else. */
export interface Callers {
  /** @returns nothing for any other request, and for one that does not show the secret: it is to be answered like any other */
  question(request: ReceivedRequest): Question | undefined
}

/** @param secret that a proxy has to show */
export function createCallers(secret: string): Callers {
  const expected = digest(secret)
  return {
    question(request) {
      const question = readQuestion(request.url ?? '')
      if (!question) return undefined
      // Node joins a field that comes twice, so that no guess gets a second try.
      const shown = request.headers[SECRET_HEADER_LOWER]
      return typeof shown === 'string' && timingSafeEqual(digest(shown), expected) ? question : undefined
    },
  }
}

const SECRET_HEADER_LOWER = SECRET_HEADER.toLowerCase()

/** Of one length, whatever was shown. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/** The query says nothing: proxies that rewrite the path alone leave the client's own there. */
function readQuestion(url: string): Question | undefined {
  if (!url.startsWith(VERIFY_PATH)) return undefined
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  if (path === VERIFY_PATH) return { signIn: 'unauthorized', target: undefined }
  if (path === VERIFY_OR_REDIRECT_PATH) return { signIn: 'redirect', target: undefined }
  if (!path.startsWith(`${VERIFY_OR_REDIRECT_PATH}/`)) return undefined
  return { signIn: 'redirect', target: url.slice(VERIFY_OR_REDIRECT_PATH.length) }
}
