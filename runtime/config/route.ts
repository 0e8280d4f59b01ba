import * as z from 'zod'

import { identifier, isOrigin, origin } from './fields.ts'

/** `scheme://*.domain[:port]`: every host that has exactly one label more. */
export const wildcardOrigin = z
  .string()
  .refine(
    (value) => /^https?:\/\/\*\.[^*]+$/.test(value) && isOrigin(value.replace('*.', 'any.')),
    'write it as scheme://*.domain, with one * for one label',
  )

/** Who may pass: everybody (with the reason why), or people for whom the CEL expression is true. */
const access = z.union([z.strictObject({ public: z.string() }), z.strictObject({ allow: z.string() })])

const pathText = z.string().regex(/^\/[\x21-\x7e]*$/, 'write a path that begins with / and has no spaces')

/**
 * Which paths of a host are meant. A prefix is of whole segments: `/api` has `/api/v1` and not `/apis`. A pattern is RE2 and
 * must match the whole path. At one host an exact path counts before a pattern, that before a prefix, a longer prefix before
 * a shorter one, and among patterns the one whose route's name comes first.
 */
const pathMatch = z.union([
  z.strictObject({ exact: pathText }),
  z.strictObject({ pattern: z.string().min(1) }),
  z.strictObject({ prefix: pathText }),
])

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'this is no name of a header')
const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'write visible ASCII in one line')

const headerChanges = z.strictObject({ set: z.record(headerName, headerValue), remove: z.array(headerName) })

/** Passes requests on to one of several servers of an app. */
const forward = z.strictObject({
  kind: z.literal('forward'),
  upstreams: z.array(origin).min(1),
  balance: z.enum(['round_robin', 'least_requests']),
  /** What the upstreams speak: `http2` is chosen by TLS (ALPN), and without TLS known beforehand (gRPC). */
  protocol: z.enum(['http1', 'http2']),
  /** Asked of each upstream; 2xx is healthy. */
  healthCheck: z
    .strictObject({
      path: pathText,
      intervalMs: z.int().positive(),
      timeoutMs: z.int().positive(),
      healthyAfter: z.int().positive(),
      unhealthyAfter: z.int().positive(),
    })
    .optional(),
  /** How often an idempotent request without a body is tried again, at another upstream where there is one. */
  retries: z.int().min(0).max(5),
  timeouts: z.strictObject({
    connectMs: z.int().positive(),
    firstByteMs: z.int().positive(),
    /** Without a byte in either direction. */
    idleMs: z.int().positive(),
    /** Of the whole exchange; none where it is left out. */
    totalMs: z.int().positive().optional(),
  }),
  limits: z.strictObject({
    /** Of a request. */
    bodyBytes: z.int().positive().optional(),
    /** Of a request's header fields, names and values together. */
    headerBytes: z.int().positive().optional(),
  }),
  tls: z
    .strictObject({
      /** Certificates in PEM that are trusted instead of the system's. */
      ca: z.string().optional(),
      /** Asked for (SNI) and checked, instead of the upstream's own name. */
      serverName: z.string().optional(),
      /** Shown to the upstream: the secret `upstream-certificate.<route>` has certificate and key in PEM. */
      clientCertificate: z.boolean(),
    })
    .optional(),
  /** The upstream sees the public host instead of its own. */
  preserveHost: z.boolean(),
  rewrite: z
    .strictObject({
      /** Takes the place of the route's prefix. */
      prefix: pathText.optional(),
      host: z.string().optional(),
    })
    .optional(),
  requestHeaders: headerChanges.optional(),
  responseHeaders: headerChanges.optional(),
})

const redirect = z.strictObject({
  kind: z.literal('redirect'),
  status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]),
  origin: origin.optional(),
  /** `replace` is the whole path; `prefix` takes the place of the route's prefix. */
  path: z.union([z.strictObject({ replace: pathText }), z.strictObject({ prefix: pathText })]).optional(),
  keepQuery: z.boolean(),
})

const respond = z.strictObject({
  kind: z.literal('respond'),
  status: z.int().min(200).max(599),
  contentType: headerValue,
  body: z.string(),
})

/** Another proxy asks who may pass, and passes the requests on itself. */
const forwardAuth = z.strictObject({ kind: z.literal('forward_auth') })

/** What an app is told about who is there, beside the assertion that it always gets. */
const identityForApp = z.strictObject({
  /** `per_request` makes a new assertion with a `jti` for each request. */
  assertion: z.enum(['cached', 'per_request']),
  /** Claims that the assertion has beside its own. */
  claims: z.array(z.string().min(1)),
  /** Header → claim: `id`, `email`, `name`, `groups`, or one that the identity provider's `claims` names. */
  headers: z.record(headerName, z.string().min(1)),
  /** Speaks as Pomerium does: its header, issuer, audience and JWKS path. */
  pomerium: z.boolean(),
  /** `Authorization: Bearer` with the assertion, for apps that read that. */
  bearer: z.boolean(),
})

/** What is passed on, for whom, and how. */
export const route = z.strictObject({
  brand: identifier,
  from: z.union([origin, wildcardOrigin]),
  path: pathMatch,
  action: z.discriminatedUnion('kind', [forward, redirect, respond, forwardAuth]),
  access,
  /** Paths of this route that everybody may open, and why. */
  publicPaths: z.array(z.strictObject({ path: pathMatch, reason: z.string().min(1) })),
  /** The app answers CORS preflights itself, which browsers send without a cookie. */
  corsPreflight: z.boolean(),
  /** Only sessions of these providers count here. */
  identityProviders: z.array(identifier),
  /** Origins that may open a WebSocket; the route's own is always among them. */
  websocketOrigins: z.array(origin),
  /** `%2F` and `//` in paths are passed on as they are instead of being refused. */
  allowEncodedSlash: z.boolean(),
  /** What a sign-in must have been like; whose was not is asked to sign in again (OpenID Connect Core §3.1.2.1). */
  signIn: z
    .strictObject({
      /** The person has shown a credential at most so long ago. */
      maxAgeSeconds: z.int().positive().optional(),
      /** One of these authentication context classes. */
      acr: z.array(z.string().min(1)).min(1).optional(),
    })
    .optional(),
  /** Bearer tokens (RFC 6750) of these issuers are taken beside sessions; `audience` is what their `aud` must have. */
  bearer: z.array(z.strictObject({ tokenIssuer: identifier, audience: z.string().min(1) })),
  identity: identityForApp,
})

export type ForwardConfig = z.infer<typeof forward>
export type RedirectConfig = z.infer<typeof redirect>
export type RespondConfig = z.infer<typeof respond>
export type IdentityForApp = z.infer<typeof identityForApp>
export type PathMatch = z.infer<typeof pathMatch>
