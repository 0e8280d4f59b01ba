import * as z from 'zod'

import { identifier, isSafe, origin, wildcardOrigin } from '../../runtime/config.ts'
import { minutes, publicOrigin, rule } from './fields.ts'
import { headerName, headerValue } from './headers.ts'
import { path, pathFields, saidPaths } from './paths.ts'
import { upstreamFields } from './upstream.ts'

/** What a sign-in must have been like; who has another one is asked to sign in again. */
const signIn = z
  .strictObject({
    /** The person has shown a credential at most so long ago. */
    maxAgeMinutes: minutes.optional(),
    /** One of these authentication context classes, as the provider calls them (OpenID Connect Core 1.0 §2, `acr`). */
    acr: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .transform((value) => (typeof value === 'string' ? [value] : value))
      .optional(),
  })
  .refine(
    ({ maxAgeMinutes, acr }) => maxAgeMinutes !== undefined || acr !== undefined,
    'say what is asked of a sign-in: maxAgeMinutes, acr or both',
  )

/** Programs come in with JWT access tokens of this issuer, made for this audience. */
const bearer = z.strictObject({ tokenIssuer: identifier, audience: z.string().min(1) })

/** What people open: an origin, or one for every host with one label more. */
const from = z.string().superRefine((text, context) => {
  const [first] = (text.includes('*') ? wildcardOrigin : publicOrigin).safeParse(text).error?.issues ?? []
  if (first) context.addIssue({ code: 'custom', message: first.message })
  else if (!isSafe(text.replace('*', 'any'))) {
    context.addIssue({ code: 'custom', message: 'use https; plain http is only for hosts on this machine' })
  }
})

const onePath = 'say one of prefix, path and pattern'

/** A part of a route that everybody may open. */
const publicPath = z
  .strictObject({ ...pathFields, reason: z.string().min(1) })
  .refine((entry) => saidPaths(entry) === 1, onePath)

/** Sends people elsewhere. */
const redirect = z
  .strictObject({
    to: publicOrigin.optional(),
    /** The whole path there. */
    path: path.optional(),
    /** Takes the place of the route's prefix. */
    prefix: path.optional(),
    /** 302 is for now, 301 and 308 are for good; 307 and 308 keep the method. */
    status: z.literal([301, 302, 303, 307, 308]).default(302),
    /** Whether the query goes along. */
    keepQuery: z.boolean().default(true),
  })
  .refine(
    (redirected) => redirected.path === undefined || redirected.prefix === undefined,
    'say one of path and prefix',
  )
  .refine(
    (redirected) => [redirected.to, redirected.path, redirected.prefix].some((value) => value !== undefined),
    'say where it leads: to, path or prefix',
  )

/** Answers by itself. */
const respond = z.strictObject({
  /** Of the answer. */
  status: z.int().min(200).max(599).default(200),
  /** As it is. */
  body: z.string().default(''),
  contentType: headerValue.default('text/plain; charset=utf-8'),
})

/** What the app is told about who is there. */
const identity = z.strictObject({
  /** A signed token is used again for some minutes, or made anew for each request. */
  assertion: z.enum(['cached', 'per_request']).default('cached'),
  /** Claims that the assertion has beside its own. */
  claims: z.array(z.string().min(1)).default([]),
  /** Header → claim. */
  headers: z.record(headerName, z.string().min(1)).default({}),
  /** Under the names that apps behind Pomerium look for. */
  pomerium: z.boolean().default(false),
  /** The signed token is the `Authorization` of the request as well. */
  bearer: z.boolean().default(false),
})

/** One way to an app behind the gateway. */
export const route = z
  .strictObject({
    from,
    ...pathFields,
    /** One of `to`, `redirect`, `respond` and `forwardAuth` is needed. */
    ...upstreamFields,
    redirect: redirect.optional(),
    respond: respond.optional(),
    /** Another proxy passes the requests on, and asks here who may. */
    forwardAuth: z.literal(true).optional(),
    /** Who may pass, in CEL. One of `allow` and `public` is needed. */
    allow: rule.optional(),
    /** Lets everybody pass without signing in; the text says why. */
    public: z.string().min(1).optional(),
    publicPaths: z.array(publicPath).default([]),
    /** The app answers CORS preflights, which browsers send without a cookie. */
    corsPreflight: z.boolean().default(false),
    /** Left out where there is one brand. */
    brand: identifier.optional(),
    /** Only these count here, of which `accounts` are the gateway's own; all of the brand where it is left out. */
    identityProviders: z.array(identifier).min(1).optional(),
    websocketOrigins: z.array(origin).default([]),
    /** `%2F` and `//` in paths are passed on as they are, which GitLab and npm need, instead of being refused. */
    allowEncodedSlash: z.boolean().default(false),
    signIn: signIn.optional(),
    bearer: z.array(bearer).default([]),
    identity: identity.optional(),
  })
  .refine((settings) => saidPaths(settings) <= 1, onePath)
