import type { PublicOrigin, RouteForward } from './route-forward.ts'

/** A name and its value. */
export type Header = readonly [name: string, value: string]

/** What the caller has decided about one request before it is passed on. */
export interface Forward {
  route: RouteForward
  /** Path and query in their one spelling: `path + query` of `canonicalTarget`, never `req.url`. */
  target: string
  /** The public origin of this request, where a route has many (a wildcard host); otherwise the route's. */
  publicOrigin?: PublicOrigin | undefined
  /** Set for the upstream. A name without value is removed from what the client sent, and not set (CVE-2026-30851). */
  identityHeaders: readonly (readonly [name: string, value: string | undefined])[]
  /** Told to the app as X-Request-Id; a client's own never passes. */
  requestId?: string | undefined
  /** Lower-case names of fields that the gateway has used up, such as an `authorization` that it consumed. */
  consumedHeaders: readonly string[]
  /** The peer's address, for X-Forwarded-For. */
  clientAddress: string
  /** No shared cache may keep the answer; what the route says where it is left out. */
  privateResponse?: boolean | undefined
  /** Ours, added to the upstream's answer; they replace fields of the same name, except Set-Cookie. */
  responseHeaders?: readonly Header[] | undefined
  /** Called at most once. */
  onFailure(failure: ProxyFailure): void
}

/** Why a request was not answered by its upstream, or not in full. */
export type ProxyFailureCode =
  /** No connection: name, address, refusal or TLS. */
  | 'upstream_unreachable'
  /** Too slow to connect, to answer, or silent for too long. */
  | 'upstream_timeout'
  /** The connection ended before the answer did. */
  | 'upstream_closed'
  /** What came back is not an answer to what was asked. */
  | 'upstream_protocol'
  /** As many requests as allowed are on their way to it already. */
  | 'upstream_busy'
  /** The request cannot be written as HTTP: a header value from a claim, for one. */
  | 'request_invalid'
  /** The body is above the route's limit (413). */
  | 'body_too_large'
  /** The header fields are above the route's limit (431). */
  | 'headers_too_large'
  /** The client went away, or what it sent ended in the middle. */
  | 'client_gone'

export interface ProxyFailure {
  code: ProxyFailureCode
  /** For the log only: names hosts and addresses of the inner network. */
  cause: unknown
  /** Nothing was sent yet: the caller must answer. Otherwise the connection has been ended, so that the cut shows. */
  answerable: boolean
}
