export type { ClientRequest, ClientResponse } from './client.ts'
export { withoutOwnCookies } from './cookies.ts'
export type { Forward, Header, ProxyFailure, ProxyFailureCode } from './forward.ts'
export { type HeaderChanges, prepareRequestChanges, prepareResponseChanges } from './header-changes.ts'
export { proxyRequest } from './request.ts'
export {
  createRouteForward,
  type ForwardLimits,
  type ForwardParts,
  type ForwardTimeouts,
  publicOrigin,
  type PublicOrigin,
  type RouteForward,
  type RouteForwardOptions,
  sharedForwardParts,
} from './route-forward.ts'
export type { Tunnel } from './tunnel.ts'
export { proxyUpgrade } from './upgrade.ts'
export { websocketOriginAllowed } from './websocket.ts'
