import type { AnswerHead } from '../contract.ts'
import { CONNECTION_FIELDS } from './connection-fields.ts'

/** What came is no answer that may be passed on. */
export class AnswerError extends Error {
  override name = 'AnswerError'
}

/**
 * Fields as they came, without pseudo-fields.
 * @param raw name, value, name, value
 * @throws AnswerError when one of them belongs to an HTTP/1.1 connection (RFC 9113 §8.2.2)
 */
export function answerFields(raw: readonly string[]): string[] {
  const fields: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (name.startsWith(':')) continue
    if (CONNECTION_FIELDS.has(name)) throw new AnswerError(`the answer has ${name}, which HTTP/2 does not`)
    fields.push(name, raw[at + 1] ?? '')
  }
  return fields
}

/**
 * Bytes of content that a head announces; NaN where it announces none.
 * @param fields name, value, name, value; nghttp2 lets no second or odd Content-Length pass
 */
export function announcedLength(fields: readonly string[]): number {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === 'content-length')
  return at < 0 ? NaN : Number(fields[at + 1])
}

export interface ReceivedHead {
  /** From `:status`. */
  status: number
  /** Name, value, name, value. */
  raw: readonly string[]
  /** It ended the stream, as the trailers-only answers of gRPC do. */
  isWhole: boolean
  /** Of the request. */
  method: string
}

/**
 * The final answer's head.
 * @throws AnswerError
 */
export function answerHead({ status, raw, isWhole, method }: ReceivedHead): AnswerHead {
  if (!(status >= 200 && status <= 999)) throw new AnswerError(`the answer ends with status ${status}`)
  // nghttp2 lets no content pass where there must be none.
  const isEmpty = isWhole || method === 'HEAD' || status === 204 || status === 304
  return { status, statusText: '', headers: answerFields(raw), framing: isEmpty ? 'none' : 'http2', isWhole: false }
}
