import type { Http2ServerRequest } from 'node:http2'

import { hostKey } from './host.ts'

/** Pseudo-fields that Node has put into members of the request (RFC 9113 §8.3.1). Any other stays, and is refused. */
const KNOWN_PSEUDO = new Set([':method', ':path', ':scheme', ':authority'])

/**
 * Puts the fields of an HTTP/2 request into the form that they have in HTTP/1.1, so that whoever reads `headers.host` and
 * `rawHeaders` need not know by which protocol it came: without pseudo-fields, `:authority` as Host, and one Cookie. A Host
 * that says something else than `:authority` stays beside it, for `checkRequest` to refuse.
 * @param req just received; its fields are changed in place
 * @see RFC 9113 §8.3.1 (`:authority`), §8.2.3 (Cookie)
 */
export function presentAsHttp1(req: Http2ServerRequest): void {
  const { headers, rawHeaders: raw } = req
  const authority = headers[':authority']
  let kept = 0
  let hasCookie = false
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    let value = raw[index + 1] ?? ''
    if (KNOWN_PSEUDO.has(name)) continue
    if (name === 'host' && authority !== undefined && hostKey(value) === hostKey(authority)) continue
    if (name === 'cookie') {
      if (hasCookie) continue
      hasCookie = true
      value = headers.cookie ?? value
    }
    raw[kept] = name
    raw[kept + 1] = value
    kept += 2
  }
  raw.length = kept
  if (authority === undefined) return
  raw.push('host', authority)
  headers.host = authority
}
