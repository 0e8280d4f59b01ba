import type { RouteConfig } from '../runtime/config.ts'
import { pathMatch, type RouteSettings } from './config/index.ts'
import type { TextFiles } from './stack-files.ts'

type Action = RouteConfig['action']
type Forward = Extract<Action, { kind: 'forward' }>

/** What is not said. */
const TIMEOUTS = { connect: 5, firstByte: 60, idle: 300 }

/**
 * What the runtime is told of a route. What is optional and was not said is left out, so that a preview shows what somebody wrote.
 * @param providers by what the brand's people may come in
 * @param files what the route's file names stand for
 */
export function planRoute(
  route: RouteSettings & { brand: string },
  providers: string[],
  files: TextFiles,
): RouteConfig {
  const { signIn, identity } = route
  return {
    brand: route.brand,
    from: route.from,
    path: pathMatch(route),
    action: planAction(route, files),
    access: route.allow === undefined ? { public: route.public ?? '' } : { allow: route.allow },
    publicPaths: route.publicPaths.map((entry) => ({ path: pathMatch(entry), reason: entry.reason })),
    corsPreflight: route.corsPreflight,
    identityProviders: route.identityProviders ?? providers,
    websocketOrigins: route.websocketOrigins,
    allowEncodedSlash: route.allowEncodedSlash,
    ...(signIn ? { signIn: planSignIn(signIn) } : {}),
    bearer: route.bearer,
    identity: identity ?? { assertion: 'cached', claims: [], headers: {}, pomerium: false, bearer: false },
  }
}

function planSignIn({ maxAgeMinutes, acr }: NonNullable<RouteSettings['signIn']>): RouteConfig['signIn'] {
  return {
    ...(maxAgeMinutes === undefined ? {} : { maxAgeSeconds: maxAgeMinutes * 60 }),
    ...(acr === undefined ? {} : { acr }),
  }
}

function planAction(route: RouteSettings, files: TextFiles): Action {
  const { to, redirect, respond } = route
  if (to) return planForward(route, to, files)
  if (respond) return { kind: 'respond', ...respond }
  if (!redirect) return { kind: 'forward_auth' }
  const { status, keepQuery, path, prefix } = redirect
  const change = path !== undefined ? { replace: path } : prefix !== undefined ? { prefix } : undefined
  return {
    kind: 'redirect',
    status,
    ...(redirect.to === undefined ? {} : { origin: redirect.to }),
    ...(change ? { path: change } : {}),
    keepQuery,
  }
}

function planForward(route: RouteSettings, upstreams: string[], files: TextFiles): Forward {
  const { timeouts = {}, limits = {}, healthCheck, tls, rewrite, requestHeaders, responseHeaders } = route
  const { connect = TIMEOUTS.connect, firstByte = TIMEOUTS.firstByte, idle = TIMEOUTS.idle, total } = timeouts
  return {
    kind: 'forward',
    upstreams,
    balance: route.balance ?? 'round_robin',
    protocol: route.protocol ?? 'http1',
    ...(healthCheck ? { healthCheck: planHealthCheck(healthCheck) } : {}),
    retries: route.retries ?? 1,
    timeouts: {
      connectMs: milliseconds(connect),
      firstByteMs: milliseconds(firstByte),
      idleMs: milliseconds(idle),
      ...(total === undefined ? {} : { totalMs: milliseconds(total) }),
    },
    limits: {
      ...(limits.body === undefined ? {} : { bodyBytes: limits.body }),
      ...(limits.headers === undefined ? {} : { headerBytes: limits.headers }),
    },
    ...(tls ? { tls: planTls(tls, files) } : {}),
    preserveHost: route.preserveHost ?? false,
    ...(rewrite ? { rewrite: withoutGaps(rewrite) } : {}),
    ...(requestHeaders ? { requestHeaders } : {}),
    ...(responseHeaders ? { responseHeaders } : {}),
  }
}

function planHealthCheck(check: NonNullable<RouteSettings['healthCheck']>): NonNullable<Forward['healthCheck']> {
  const { path, interval, timeout, healthyAfter, unhealthyAfter } = check
  return { path, intervalMs: milliseconds(interval), timeoutMs: milliseconds(timeout), healthyAfter, unhealthyAfter }
}

function planTls({ ca, serverName, clientCertificate }: NonNullable<RouteSettings['tls']>, files: TextFiles) {
  return {
    ...(ca === undefined ? {} : { ca: files.text(ca) }),
    ...(serverName === undefined ? {} : { serverName }),
    clientCertificate: clientCertificate !== undefined,
  }
}

function withoutGaps({ prefix, host }: NonNullable<RouteSettings['rewrite']>): NonNullable<Forward['rewrite']> {
  return { ...(prefix === undefined ? {} : { prefix }), ...(host === undefined ? {} : { host }) }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1_000)
}
