import { validateHeaderName, validateHeaderValue } from 'node:http'
import { sensitiveHeaders } from 'node:http2'

import { isToken } from '../../http1/index.ts'
import type { OutgoingHead } from '../contract.ts'
import { isTarget } from '../target.ts'
import { CONNECTION_FIELDS } from './connection-fields.ts'

/**
 * Sent as literals that no compression table keeps: one connection carries many people's requests, and a table would hold one
 * person's secrets while it compresses another's guesses (RFC 7541 §7.1.3).
 */
const NEVER_INDEXED = ['authorization', 'cookie', 'x-gatewright-assertion', 'x-pomerium-jwt-assertion']

/** Calls of gRPC, whose servers refuse whoever does not say that trailers are taken (gRPC over HTTP/2, Requests). */
const GRPC = /^application\/grpc(?:[+;]|$)/i

/**
 * A request's head as HTTP/2 has it: Host becomes `:authority`, names are in lower case, fields of an HTTP/1.1 connection are
 * left out, and cookies are in one field, which all apps understand.
 * @param head as it would be sent by HTTP/1.1
 * @param scheme of the upstream
 * @returns name, value, name, value, pseudo-fields first
 * @throws Error when it cannot be written; Node checks no values, and NUL or a code above 255 would begin another field
 * @see RFC 9113 §8.2, §8.3.1
 */
export function requestFields(head: OutgoingHead, scheme: 'http' | 'https'): string[] {
  const { method, target } = head
  const headers = head.fields === undefined ? head.headers : [...head.headers, ...head.fields.list]
  if (!isToken(method) || !isTarget(target)) throw new TypeError('the method or target is no HTTP')
  const cookies: string[] = []
  const fields: string[] = []
  let authority: string | undefined
  let takesTrailers = false
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    const value = trim(headers[at + 1] ?? '')
    validateHeaderValue(name, value)
    if (name === 'host') {
      if (authority !== undefined) throw new TypeError('there are two Host fields')
      authority = value
    } else if (name === 'cookie') cookies.push(value)
    else if (name === 'te') {
      // All that it can say in HTTP/2 (RFC 9113 §8.2.2).
      takesTrailers ||= /(?:^|[\s,;])trailers(?:$|[\s,;])/i.test(value)
    } else if (!CONNECTION_FIELDS.has(name)) {
      fields.push(name, value)
      takesTrailers ||= name === 'content-type' && GRPC.test(value)
    }
  }
  if (!authority) throw new TypeError('there is no Host')
  if (takesTrailers) fields.push('te', 'trailers')
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '))
  const all = [':method', method, ':scheme', scheme, ':authority', authority, ':path', target, ...fields]
  return Object.assign(all, { [sensitiveHeaders]: NEVER_INDEXED })
}

/**
 * Trailers for a request.
 * @param trailers name, value, name, value
 * @throws Error when they cannot be written
 * @see RFC 9113 §8.1
 */
export function requestTrailers(trailers: readonly string[]): Record<string, string[]> {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (let at = 0; at + 1 < trailers.length; at += 2) {
    const name = (trailers[at] ?? '').toLowerCase()
    const value = trim(trailers[at + 1] ?? '')
    // A pseudo-field is no name either.
    validateHeaderName(name)
    validateHeaderValue(name, value)
    if (!CONNECTION_FIELDS.has(name)) (fields[name] ??= []).push(value)
  }
  return fields
}

/** Space around a value is malformed (RFC 9113 §8.2.1), where HTTP/1.1 only ignores it. */
function trim(value: string): string {
  return isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(value.length - 1))
    ? value.replace(/^[ \t]+|[ \t]+$/g, '')
    : value
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
