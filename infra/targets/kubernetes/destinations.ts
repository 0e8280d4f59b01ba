import { isIP } from 'node:net'

import { MAIL_PORTS, type StackConfig } from '../../config/index.ts'
import type { TargetArgs } from '../target-args.ts'

/** Something that the gateway calls. */
export interface Destination {
  /** A name, or an address without brackets. */
  host: string
  port: number
}

/** Of a database whose address says none. */
const POSTGRES_PORT = 5_432

/** Where routes lead, identity providers and token issuers are asked, and mail is handed in. */
export function destinationsOf(
  { routes, mail }: Pick<StackConfig, 'routes' | 'mail'>,
  { identityProviders, tokenIssuers }: Pick<TargetArgs['config'], 'identityProviders' | 'tokenIssuers'>,
): Destination[] {
  const urls = [
    ...Object.values(routes).flatMap(({ to = [] }) => to),
    ...Object.values(identityProviders).flatMap(({ issuer, endpoints = {} }) => [issuer, ...Object.values(endpoints)]),
    ...Object.values(tokenIssuers).flatMap(({ issuer, jwks }) => [jwks ?? issuer]),
  ]
  const ofMail = mail?.kind === 'smtp' ? [{ host: mail.host, port: mail.port ?? MAIL_PORTS[mail.security] }] : []
  return [...urls.flatMap(destinationOf), ...ofMail]
}

/**
 * Where a database is.
 * @param url with its password, which is not given out
 * @returns no host where the address names several, or a socket
 */
export function databaseDestination(url: string): Destination {
  const { hostname = '', port = '' } = URL.parse(url) ?? {}
  return { host: bare(hostname), port: Number(port || POSTGRES_PORT) }
}

function destinationOf(url: string): Destination[] {
  const parsed = URL.parse(url)
  if (!parsed) return []
  const usual = parsed.protocol === 'http:' ? 80 : 443
  return [{ host: bare(parsed.hostname), port: Number(parsed.port || usual) }]
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** Where a host may be, as a policy can tell places apart. */
export type Place =
  { kind: 'namespace'; name: string } | { kind: 'own' } | { kind: 'address'; cidr: string } | { kind: 'outside' }

/**
 * In which places a host may be: by its name, as the cluster's DNS has it. A name of two parts is either a Service and its
 * namespace, or a host elsewhere.
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export function placesOf(host: string): Place[] {
  const family = isIP(host)
  if (family !== 0) return [{ kind: 'address', cidr: `${host}/${family === 4 ? 32 : 128}` }]
  const parts = host.split('.')
  const service = parts.indexOf('svc')
  if (service >= 2) return [{ kind: 'namespace', name: parts[service - 1] ?? '' }]
  if (host !== '' && parts.length === 1) return [{ kind: 'own' }]
  if (parts.length === 2) return [{ kind: 'namespace', name: parts[1] ?? '' }, { kind: 'outside' }]
  return [{ kind: 'outside' }]
}
