/**
 * 303, so that no method but GET travels on (RFC 9110 §15.4.4); never cached.
 * @param cookies values of Set-Cookie headers
 */
export function redirect(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  headers.set('x-content-type-options', 'nosniff')
  headers.set('content-security-policy', "frame-ancestors 'none'")
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}
