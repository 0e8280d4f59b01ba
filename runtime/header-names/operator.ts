import { foldName, HOP_BY_HOP, names, REWRITTEN } from './reserved.ts'

/** Say who asks and where, and are always there: an app must be able to rely on them. */
const ALWAYS_OURS = names('x-forwarded-for x-forwarded-proto x-forwarded-host x-request-id')

/** Would lead browsers round the gateway to another server for this origin (RFC 7838 §2). */
export const ROUND_THE_GATEWAY = 'alt-svc'

/** Speak to caches in front of us over Cache-Control's head (RFC 9213 §2.2; the older ones are vendors'). */
export const TARGETED_CACHE_CONTROL = names(
  'cdn-cache-control cloudflare-cdn-cache-control vercel-cdn-cache-control surrogate-control edge-control',
)

/**
 * Says whether an operator may set or remove a request header on a route. What frames a message, names its host or tells
 * the app who is there is the gateway's; other names that clients may not send are the operator's to give.
 * @param name a header name in any case
 */
export function isOperatorRequestHeader(name: string): boolean {
  const folded = foldName(name)
  if (name.startsWith(':') || HOP_BY_HOP.has(folded) || REWRITTEN.has(folded) || ALWAYS_OURS.has(folded)) return false
  return !folded.startsWith('x-gatewright-') && !folded.startsWith('x-pomerium-')
}

/**
 * Says whether an operator may set or remove a response header on a route. What belongs to the connection or the framing is
 * the gateway's, and so is what would let others answer in its place, or keep what is not theirs.
 * @param name a header name in any case
 * @param route `isProtected`: what it answers is for one person
 */
export function isOperatorResponseHeader(name: string, { isProtected }: { isProtected: boolean }): boolean {
  const lower = name.toLowerCase()
  if (name.startsWith(':') || HOP_BY_HOP.has(lower) || lower === 'content-length') return false
  return lower !== ROUND_THE_GATEWAY && !(isProtected && TARGETED_CACHE_CONTROL.has(lower))
}
