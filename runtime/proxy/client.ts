import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'

import type { Http1Request, Http1Response } from '../http1/index.ts'
import { isHttp2 } from '../wire/index.ts'

/** What a client asks and how it is answered: HTTP/1, or HTTP/2 by Node's compatibility classes. */
export type ClientRequest = Http1Request | Http2ServerRequest
export type ClientResponse = Http1Response | Http2ServerResponse

/** How long what is left of a request is read after its answer, so that the client gets to see that; in milliseconds. */
const LINGER_MS = 5_000

/** What `isHttp2` says of a request. */
function isHttp2Response(res: ClientResponse): res is Http2ServerResponse {
  return 'stream' in res
}

/** @returns whether nobody can be told anything more by a response */
export function isGone(res: ClientResponse): boolean {
  return isHttp2Response(res) ? res.stream.destroyed || res.stream.closed : res.destroyed
}

/**
 * Composes an answer's head, which goes out with the first content, the end, or `sendHead`. In HTTP/2 a head that is all
 * there is must say so itself: gRPC tells by that whether its status stands in it (RFC 9113 §8.1).
 * @param statusText is dropped in HTTP/2, which has none
 * @param headers name, value, name, value
 * @throws TypeError when it cannot be written as HTTP
 */
export function writeHead(res: ClientResponse, status: number, statusText: string, headers: string[]): void {
  if (!isHttp2Response(res)) {
    res.writeHead(status, headers, statusText)
    return
  }
  res.statusCode = status
  for (let index = 0; index < headers.length; index += 2)
    res.appendHeader(headers[index] ?? '', headers[index + 1] ?? '')
}

/**
 * Sends an informational answer.
 * @param headers name, value, name, value
 */
export function writeInformation(res: ClientResponse, status: number, headers: string[]): void {
  if (isHttp2Response(res)) res.stream.additionalHeaders({ ':status': status, ...fieldValues(headers) })
  else res.writeInformation(status, headers)
}

/** @param trailers name, value, name, value */
export function addTrailers(res: ClientResponse, trailers: readonly string[]): void {
  if (isHttp2Response(res)) {
    sendHead(res)
    res.addTrailers(fieldValues(trailers))
  } else res.addTrailers(trailers)
}

/** Part of an answer's content: bytes, or a text of one character a byte. */
export type Content = Buffer | string

/** Up to here a text is cheaper than bytes: Node joins it to the head, and one write less is worth a copy more. */
const MAX_TEXT_BYTES = 16 * 1024

/**
 * Takes content as it is best kept and written.
 * @param isLent the chunk is overwritten later
 */
export function contentOf(res: ClientResponse, chunk: Buffer, isLent: boolean): Content {
  if (!isHttp2Response(res) && chunk.length <= MAX_TEXT_BYTES) return chunk.toString('latin1')
  return isLent ? Buffer.from(chunk) : chunk
}

/** @returns false when nothing more should be written until `drain` */
export function writeContent(res: ClientResponse, content: Content): boolean {
  return isHttp2Response(res) ? res.write(content, 'latin1') : res.write(content, 'latin1')
}

/** Sends a head ahead of its content. */
export function sendHead(res: ClientResponse): void {
  if (!isHttp2Response(res)) res.flushHeaders()
  else if (!res.headersSent) res.writeHead(res.statusCode)
}

/** Ends an answer; a text goes out in one piece with its head. */
export function endWith(res: ClientResponse, content: Content | undefined): void {
  if (content === undefined) res.end()
  else if (isHttp2Response(res)) res.end(content, 'latin1')
  else res.end(content, 'latin1')
}

/** Ends what the client cannot be given in full, so that it shows: its stream, or in HTTP/1 its connection. */
export function breakOff(req: ClientRequest): void {
  if (isHttp2(req)) req.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else req.breakOff()
}

/**
 * Reads and forgets what is left of a request that has its answer: closing at once would make the client lose the answer
 * (RFC 9112 §9.6). Whoever goes on sending is broken off.
 */
export function discardRest(req: ClientRequest): void {
  if (req.complete || req.destroyed) return
  req.removeAllListeners('data')
  req.resume()
  const deadline = setTimeout(() => breakOff(req), LINGER_MS).unref()
  req.once('close', () => clearTimeout(deadline))
}

/** Field values by name in lower case, those of one name together. */
function fieldValues(fields: readonly string[]): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (let index = 0; index < fields.length; index += 2) {
    const name = (fields[index] ?? '').toLowerCase()
    values[name] = [...(values[name] ?? []), fields[index + 1] ?? '']
  }
  return values
}
