import type { Upstream } from './upstream.ts'

/** A name and its value. */
export type Header = readonly [name: string, value: string]

/** What the caller has decided about one request before it is passed on. */
export interface Forward {
  upstream: Upstream
  /** Path and query in their one spelling: `path + query` of `canonicalTarget`, never `req.url`. */
  target: string
  /** The route's public origin, from configuration: X-Forwarded-Proto and -Host come from it, not from the request. */
  origin: string
  /** The upstream sees the public host instead of its own. */
  preserveHost: boolean
  /** Set for the upstream. A name without value is removed from what the client sent, and not set (CVE-2026-30851). */
  identityHeaders: readonly (readonly [name: string, value: string | undefined])[]
  /** Lower-case names of fields that the gateway has used up, such as an `authorization` that it consumed. */
  consumedHeaders: readonly string[]
  /** The peer's address, for X-Forwarded-For. */
  clientAddress: string
  /** Which cookies are the gateway's: they neither reach the upstream nor can it set them. */
  ownCookies: (name: string) => boolean
  /** The route is protected: no shared cache may keep its answers. */
  privateResponse: boolean
  /** Added to the upstream's answer; replaces fields of the same name, except Set-Cookie. */
  responseHeaders: readonly Header[]
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
  /** The client went away, or what it sent ended in the middle. */
  | 'client_gone'

export interface ProxyFailure {
  code: ProxyFailureCode
  /** For the log only: names hosts and addresses of the inner network. */
  cause: unknown
  /** Nothing was sent yet: the caller must answer. Otherwise the connection has been ended, so that the cut shows. */
  answerable: boolean
}
