import type { UpstreamGroup } from '../upstreams/contract.ts'
import {
  type HeaderChanges,
  type PreparedChanges,
  prepareRequestChanges,
  prepareResponseChanges,
} from './header-changes.ts'
import { Watch } from './watch.ts'

/** In milliseconds. */
export interface ForwardTimeouts {
  /** For a connection, TLS included. */
  connectMs: number
  /** From the request's last byte to the answer's first. */
  firstByteMs: number
  /** Without a byte in either direction. */
  idleMs: number
  /** Of the whole exchange; without it there is no such limit. */
  totalMs?: number | undefined
}

/** Of a request, in bytes. */
export interface ForwardLimits {
  bodyBytes?: number | undefined
  /** Names and values together. */
  headerBytes?: number | undefined
}

/** What a route says about passing its requests on. */
export interface RouteForwardOptions {
  upstreams: UpstreamGroup
  /** From configuration: X-Forwarded-Proto and -Host come from it, not from the request. */
  publicOrigin: string
  /** The upstream sees the public host instead of its own. */
  preserveHost: boolean
  /** The upstream sees this host. */
  rewriteHost?: string | undefined
  timeouts: ForwardTimeouts
  limits: ForwardLimits
  /** How often an idempotent request is tried again. */
  retries: number
  /** Names of all headers that may be set to tell who is there. */
  identityHeaders: readonly string[]
  /** Which cookies are the gateway's: they neither reach the upstream nor can it set them. */
  ownCookies: (name: string) => boolean
  /** The route is protected: no shared cache may keep its answers, but for those that `Forward.privateResponse` excepts. */
  privateResponse: boolean
  requestHeaders?: HeaderChanges | undefined
  responseHeaders?: HeaderChanges | undefined
}

/** A public origin and its parts. */
export interface PublicOrigin {
  readonly origin: string
  readonly scheme: string
  readonly host: string
}

/** What a route does to header fields. */
export interface RouteChanges {
  readonly request: PreparedChanges
  /** For private answers, and for those that everybody may have. */
  readonly response: { readonly private: PreparedChanges; readonly public: PreparedChanges }
}

/** A route's time limits, and who looks after them. */
export interface WatchedLimits {
  readonly watch: Watch
  /** The timeouts in looks of `watch`. */
  readonly looks: { connect: number; firstByte: number; idle: number; total: number }
}

/** What is the same for all requests of a route. */
export interface RouteForward extends RouteChanges, WatchedLimits {
  readonly upstreams: UpstreamGroup
  readonly publicOrigin: PublicOrigin
  readonly preserveHost: boolean
  readonly rewriteHost: string | undefined
  readonly timeouts: ForwardTimeouts
  readonly limits: ForwardLimits
  readonly retries: number
  readonly ownCookies: (name: string) => boolean
  readonly privateResponse: boolean
}

/** Makes what routes that mean the same can have together. */
export interface ForwardParts {
  changesFor(options: ChangesOptions): RouteChanges
  limitsFor(timeouts: ForwardTimeouts): WatchedLimits
}

type ChangesOptions = Pick<
  RouteForwardOptions,
  'requestHeaders' | 'responseHeaders' | 'identityHeaders' | 'privateResponse' | 'ownCookies'
>

/**
 * Prepares all that is known of a route before its first request.
 * @param parts as `sharedForwardParts` makes them, where there are many routes
 * @throws Error when a header change is not the operator's to make; it names the header
 */
export function createRouteForward(options: RouteForwardOptions, parts: ForwardParts = OWN_PARTS): RouteForward {
  const { requestHeaders, responseHeaders, identityHeaders, privateResponse, ownCookies, timeouts } = options
  const changes = parts.changesFor({ requestHeaders, responseHeaders, identityHeaders, privateResponse, ownCookies })
  const { watch, looks } = parts.limitsFor(timeouts)
  return {
    upstreams: options.upstreams,
    publicOrigin: publicOrigin(options.publicOrigin),
    preserveHost: options.preserveHost,
    rewriteHost: options.rewriteHost,
    timeouts,
    limits: options.limits,
    retries: options.retries,
    ownCookies,
    privateResponse,
    request: changes.request,
    response: changes.response,
    watch,
    looks,
  }
}

/** Parts that routes share, for as long as all of them have the same `ownCookies`. */
export function sharedForwardParts(): ForwardParts {
  const changes = new Map<string, RouteChanges>()
  const limits = new Map<string, WatchedLimits>()
  return {
    changesFor: (options) => shared(changes, options, prepareChanges),
    limitsFor: (timeouts) => shared(limits, timeouts, watchLimits),
  }
}

function shared<Options, Part>(parts: Map<string, Part>, options: Options, make: (options: Options) => Part): Part {
  const key = JSON.stringify(options)
  const part = parts.get(key) ?? make(options)
  parts.set(key, part)
  return part
}

function prepareChanges(options: ChangesOptions): RouteChanges {
  const { requestHeaders, responseHeaders, identityHeaders, ownCookies } = options
  return {
    request: prepareRequestChanges(requestHeaders, identityHeaders),
    response: {
      private: prepareResponseChanges(responseHeaders, options),
      public: prepareResponseChanges(responseHeaders, { ownCookies, privateResponse: false }),
    },
  }
}

function watchLimits({ connectMs, firstByteMs, idleMs, totalMs = Infinity }: ForwardTimeouts): WatchedLimits {
  const watch = new Watch(Math.min(connectMs, firstByteMs, idleMs, totalMs))
  return {
    watch,
    looks: {
      connect: watch.looksIn(connectMs),
      firstByte: watch.looksIn(firstByteMs),
      idle: watch.looksIn(idleMs),
      total: watch.looksIn(totalMs),
    },
  }
}

const OWN_PARTS: ForwardParts = { changesFor: prepareChanges, limitsFor: watchLimits }

/** @param origin `scheme://host[:port]` */
export function publicOrigin(origin: string): PublicOrigin {
  const [scheme = '', host = ''] = origin.split('://', 2)
  return { origin, scheme, host }
}
