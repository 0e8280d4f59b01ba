import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

/** What an answer becomes on the wire; `hang` never comes, `break` stops in the middle, `bomb` is small until it is unpacked. */
export type Fault =
  'hang' | 'break' | 'huge' | 'bomb' | { status: number; headers?: Record<string, string>; body?: string }

/** An honest answer. */
export interface Answered {
  status?: number
  location?: string
  json?: unknown
}

export function send(response: ServerResponse, { status = 200, location, json }: Answered): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(location ? { location } : {}) })
  response.end(json === undefined ? '' : JSON.stringify(json))
}

/** Sends a fault instead. */
export function fail(response: ServerResponse, fault: Fault): void {
  const headers = { 'content-type': 'application/json' }
  if (fault === 'hang') return
  if (fault === 'break') {
    response.writeHead(200, { ...headers, 'content-length': '1000' }).write('{"issuer":')
    response.flushHeaders()
    setImmediate(() => response.destroy())
  } else if (fault === 'huge') {
    response.writeHead(200, headers).end(`{"padding":"${'x'.repeat(2 * 1024 * 1024)}"}`)
  } else if (fault === 'bomb') {
    const packed = gzipSync(`{"padding":"${'x'.repeat(4 * 1024 * 1024)}"}`)
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(packed)
  } else {
    response.writeHead(fault.status, { ...headers, ...fault.headers }).end(fault.body ?? '{}')
  }
}
