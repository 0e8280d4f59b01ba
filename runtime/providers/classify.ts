import * as oidc from 'openid-client'

import { Refusal, type RefusalCode } from '../refusal.ts'

/** What a check of ours found wrong in an answer. The message never has a token's or a claim's value. */
export class FailedCheck extends Error {
  override readonly name = 'FailedCheck'
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A provider may write anything there (RFC 6749 §4.1.2.1, §5.2). */
const MAX_ERROR_NAME = 64

/** Answers to an authorization request that say nothing about the person (RFC 6749 §4.1.2.1). */
const NOT_NOW = new Set(['server_error', 'temporarily_unavailable'])

/** What undici calls an answer above our bound. */
const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE'

/** OpenID Connect Core Unmet Authentication Requirements 1.0 §2. */
const UNMET = 'unmet_authentication_requirements'

/**
 * Puts whatever went wrong with a provider into one of our codes.
 * @param id of the provider, for the message
 * @returns `provider_unreachable`, `provider_refused`, `step_up_failed`, `clock_skew`, `provider_answer_invalid`, or what a Refusal
 *   or FailedCheck in the chain of causes says
 */
export function classify(id: string, error: unknown): Refusal {
  for (const link of chain(error)) {
    if (link instanceof Refusal) return link
    if (link instanceof FailedCheck) return new Refusal(link.code, `${id}: ${link.message}`, { cause: error })
  }
  if (error instanceof oidc.AuthorizationResponseError) return classifyAnswer(id, error)
  if (isUnreachable(error)) {
    return new Refusal('provider_unreachable', `${id} could not be asked (${codeOf(error)})`, { cause: error })
  }
  const code = codeOf(error)
  // Judged before the signature is: whoever could forge the times would be refused all the same.
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') {
    return new Refusal('clock_skew', `the times in the token of ${id} do not fit this machine’s clock`, {
      cause: error,
    })
  }
  return new Refusal('provider_answer_invalid', `the answer of ${id} did not pass the checks (${code})`, {
    cause: error,
  })
}

/** Whether nothing was said: no connection, no answer in time, or one that means "not now" (RFC 9110 §15.6, RFC 6585 §4). */
export function isUnreachable(error: unknown): boolean {
  return chain(error).some((link) => {
    if (link instanceof Response) return link.status === 429 || link.status >= 500
    if (link instanceof oidc.ResponseBodyError) return link.status === 429
    if (link instanceof DOMException) return link.name === 'TimeoutError' || link.name === 'AbortError'
    // What undici throws; a TypeError without a cause is a mistake in a program.
    return link instanceof TypeError && link.cause instanceof Error && codeOf(link.cause) !== TOO_LARGE
  })
}

function classifyAnswer(id: string, error: oidc.AuthorizationResponseError): Refusal {
  const code = NOT_NOW.has(error.error)
    ? 'provider_unreachable'
    : error.error === UNMET
      ? 'step_up_failed'
      : 'provider_refused'
  return new Refusal(code, `${id} answered ${error.error.slice(0, MAX_ERROR_NAME)}`, { cause: error })
}

/** The most telling name of an error: the deepest that has one. */
function codeOf(error: unknown): string {
  for (const link of chain(error).toReversed()) {
    if (link instanceof oidc.ResponseBodyError) return link.error.slice(0, MAX_ERROR_NAME)
    if (link instanceof Response) return `HTTP ${link.status}`
    if (link instanceof DOMException) return link.name
    if (link instanceof Error && 'code' in link && typeof link.code === 'string') return link.code
  }
  return 'unknown'
}

/** An error and its causes; bounded, since causes can be made to go round. */
function chain(error: unknown): unknown[] {
  const links: unknown[] = []
  for (let link = error; link !== undefined && links.length < 8;) {
    links.push(link)
    link = link instanceof Error ? link.cause : undefined
  }
  return links
}
