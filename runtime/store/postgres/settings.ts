import { Socket } from 'node:net'

import { type CustomTypesConfig, type PoolConfig, types } from 'pg'

import { StoreError } from '../store-error.ts'

/** Connections of one replica, besides the one that listens. */
const MOST_CONNECTIONS = 10
const IDLE_MS = 30_000
/** So that after a failover, or a change of its name, nobody stays with the old server. */
const LIFETIME_SECONDS = 1_800
/** Between our own statements of a transaction nothing is waited for. */
const IDLE_IN_TRANSACTION_MS = 10_000

/** Times in milliseconds and counts, all far below 2^53; the driver would give them as text. */
const NUMBERS: CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === types.builtins.INT8 ? Number : (types.getTypeParser(id, format) as (value: string) => unknown),
}

/**
 * How the pool and its connections are set up. TLS is as the address says it (`sslmode`, `sslrootcert`…).
 * @param timeoutMs for connecting, and for a statement
 * @param sockets gets every open connection's
 * @throws StoreError `store_failed` where it is no such address; the address, which has a password, is not in the message
 */
export function connectionSettings(url: string, timeoutMs: number, sockets: Set<Socket>): PoolConfig {
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new StoreError(
      'store_failed',
      'the database’s address is not of the form postgres://user:password@host/database',
    )
  }
  return {
    connectionString: url,
    application_name: 'gatewright',
    types: NUMBERS,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: timeoutMs,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    statement_timeout: timeoutMs,
    // The server's own limit comes first; this one is for a server that does not answer any more.
    query_timeout: timeoutMs + 500,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    stream() {
      const socket = new Socket()
      sockets.add(socket)
      return socket.once('close', () => sockets.delete(socket))
    },
  }
}
