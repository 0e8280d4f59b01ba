import { type LookupFunction, connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import { tlsConnectOptions } from '../tls-connect.ts'
import type { UpstreamTls } from '../tls-options.ts'

/** How an upstream is reached. */
export interface Address {
  /** http or https. */
  origin: string
  tls?: UpstreamTls | undefined
  lookup: LookupFunction
}

/** Opens connections to one address. */
export interface Dialer {
  /** What is waited for until bytes can go out. */
  readonly connectedEvent: 'connect' | 'secureConnect'
  /**
   * @param received is given what comes; with `isOwned` false it is overwritten after the call
   * @param isShared reads into memory that all connections share; not for a socket that is handed on
   */
  dial(received: (bytes: Buffer, isOwned: boolean) => void, isShared: boolean): Socket
}

/** Connections read one after the other, and what they read is used or copied at once. Not so on Windows, where reads overlap. */
const SHARED_BYTES = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(64 * 1024)

/** Finds peers that vanished without a word; in milliseconds. */
const PROBE_MS = 30_000

/** @throws TypeError when the origin is no URL */
export function createDialer({ origin, tls = {}, lookup }: Address): Dialer {
  const url = new URL(origin)
  const isTls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (isTls ? 443 : 80)
  const common = { host, port, lookup, noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_MS }
  if (!isTls) return { connectedEvent: 'connect', dial: (received, isShared) => dialTcp(common, received, isShared) }
  const secure = { ...common, ...tlsConnectOptions(host, tls, ['http/1.1']) }
  let session: Buffer | undefined
  return {
    connectedEvent: 'secureConnect',
    dial(received) {
      const socket = connectTls({ ...secure, ...(session === undefined ? {} : { session }) })
      socket.on('session', (latest) => (session = latest))
      return socket.on('data', (bytes: Buffer) => received(bytes, true))
    },
  }
}

function dialTcp(
  options: { host: string; port: number; lookup: LookupFunction },
  received: (bytes: Buffer, isOwned: boolean) => void,
  isShared: boolean,
): Socket {
  if (!isShared || SHARED_BYTES === undefined) {
    return connectTcp(options).on('data', (bytes: Buffer) => received(bytes, true))
  }
  const callback = (length: number): boolean => {
    received(SHARED_BYTES.subarray(0, length), false)
    return true
  }
  return connectTcp({ ...options, onread: { buffer: SHARED_BYTES, callback } })
}
