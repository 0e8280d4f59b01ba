import { freePorts } from '../../support/ports.ts'
import type { Contender } from './contender.ts'
import { startProgram } from './program.ts'

/**
 * HAProxy as its documentation sets a reverse proxy up: HTTP mode, kept connections, X-Forwarded-For.
 * @see https://docs.haproxy.org/2.6/configuration.html#4-option%20forwardfor
 */
export async function startHaproxy(upstream: string): Promise<Contender> {
  const [port = 0] = await freePorts(1)
  return startProgram({ name: 'haproxy', configuration: configurationOf(port, upstream), args, port })
}

const args = (file: string): string[] => ['-db', '-f', file]

const configurationOf = (port: number, upstream: string): string => `
global
  maxconn 256
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  option forwardfor
frontend public
  bind 127.0.0.1:${port}
  default_backend app
backend app
  http-reuse safe
  server app ${new URL(upstream).host}
`
