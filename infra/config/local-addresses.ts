import { isLoopbackHost } from '../../runtime/net/index.ts'

/** Where a program that is reached at a local origin listens. */
export function localListener(localOrigin: string): { host: string; port: number } {
  return { host: '127.0.0.1', port: Number(new URL(localOrigin).port || '80') }
}

/** Whether a program of this machine can be reached there: it listens on 127.0.0.1. */
export function isLocalOrigin(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' }
  return protocol === 'http:' && isLoopbackHost(hostname) && !hostname.startsWith('[')
}
