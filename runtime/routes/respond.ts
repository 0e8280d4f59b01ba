import type { RespondConfig } from '../config.ts'

/** An answer that no app gives. */
export interface FixedAnswer {
  status: number
  headers: Record<string, string>
  /** Undefined where the answer has no content. */
  body: string | undefined
}

/** Answers that have no content whatever the method is (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
const WITHOUT_CONTENT = new Set([204, 205, 304])

/**
 * What a route answers by itself; HEAD is told of the content and not sent it (RFC 9110 §9.3.2).
 * @param method of the request; any is answered
 */
export function fixedAnswer({ status, contentType, body }: RespondConfig, method: string): FixedAnswer {
  if (WITHOUT_CONTENT.has(status)) return { status, headers: {}, body: undefined }
  const headers = { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) }
  return { status, headers, body: method === 'HEAD' ? undefined : body }
}
