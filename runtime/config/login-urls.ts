/** Where an identity provider sends people back to; it belongs to one provider, so that answers cannot be mixed up (RFC 9700 §4.4). */
export function callbackUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/callback/${providerId}`
}

/** Where an identity provider tells that a session of its own has ended (Back-Channel Logout 1.0 §2.5). */
export function backChannelLogoutUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/back-channel-logout/${providerId}`
}

/** What an identity provider loads in a frame when a session of its own ends (Front-Channel Logout 1.0 §2). */
export function frontChannelLogoutUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/front-channel-logout/${providerId}`
}

/** Where an identity provider sends people after it has ended its own session (RP-Initiated Logout 1.0 §3). */
export function signedOutUrl(loginUrl: string): string {
  return `${loginUrl}/signed-out`
}
