import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { say } from '../phrase.ts'
import { field, type Plain, texts } from '../plain.ts'
import { placeText } from './places.ts'
import type { Breach, ReviewedStack, ReviewRule } from './review-rule.ts'

/** A prefix shorter than these names more of the Internet than any operator of proxies has. */
const WIDEST = { v4: 8, v6: 16 } as const

/** What the gateway as a process listens on. */
export const exposedListener: ReviewRule = {
  title: 'What listens on the network is encrypted or asks who is there',
  why: 'The admin address answers everybody, and sessions that cross the network in the clear can be read there.',
  advice:
    'Listen on 127.0.0.1 behind a proxy of the same machine, or give target.tls certificates; keep admin on 127.0.0.1.',
  ofLocalStacks: true,
  breaches: ({ stack }) => {
    const target = stack.settings.get('target')
    return [
      ...exposed(target, 'listen', field(target, 'tls') === undefined, 'in the clear'),
      ...exposed(target, 'admin', true, 'for everybody who reaches this machine'),
    ]
  },
}

/** An address is believed from whoever is in these. */
export const unboundedProxies: ReviewRule = {
  title: 'Trusted proxies are the ones in front, and nobody else',
  why: 'Whoever is in the network writes the address that limits, rules and the audit log go by.',
  advice: 'Name the networks of your load balancers, as narrow as they are.',
  ofLocalStacks: true,
  breaches: ({ stack }) =>
    texts(stack.settings.get('trustedProxies')).flatMap((network, index) =>
      isUnbounded(network)
        ? [{ path: placeText(['trustedProxies', String(index)]), says: say`${network} has strangers in it` }]
        : [],
    ),
}

/** The address is a secret: it is looked at where it stands in the open, or the environment of a deployment has it. */
export const databaseWithoutTls: ReviewRule = {
  title: 'The database is reached by TLS',
  why: 'Its password, and everything that is kept of sessions and people, crosses the network in the clear, to whoever answers.',
  advice: 'Add sslmode=verify-full to its address, and sslrootcert where its certificate is of your own authority.',
  ofLocalStacks: true,
  needsDeployment: true,
  breaches: (reviewed) => {
    const address = databaseAddress(reviewed)
    if (address === undefined || isProtected(address)) return []
    return [{ path: placeText(['target', 'database', 'url']), says: say`its address does not ask for TLS` }]
  },
}

function exposed(target: Plain, name: 'listen' | 'admin', isOpen: boolean, how: string): Breach[] {
  const host = field(field(target, name), 'host')
  if (!isOpen || typeof host !== 'string' || isLoopbackHost(host) || host === '::1') return []
  const words = { parts: [how] }
  return [{ path: placeText(['target', name]), says: say`what listens on ${host} is open ${words}` }]
}

function isUnbounded(network: string): boolean {
  const [address = '', length = ''] = network.split('/')
  if (!address.includes(':')) return Number(length) < WIDEST.v4
  // fc00::/7 is nobody's on the Internet (RFC 4193).
  return Number(length) < WIDEST.v6 && !(/^f[cd]/i.test(address) && Number(length) >= 7)
}

function databaseAddress({ input, deployment }: ReviewedStack): URL | undefined {
  const url = ['target', 'database', 'url'].reduce<unknown>(entry, input)
  const name = entry(url, 'env')
  const text = typeof url === 'string' ? url : typeof name === 'string' ? deployment?.environment[name] : undefined
  return text === undefined ? undefined : (URL.parse(text) ?? undefined)
}

/** As the driver reads it; a socket and this very machine have no network between. */
function isProtected({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? decodeURIComponent(hostname)
  if (host === '' || host.startsWith('/') || isLoopbackHost(host)) return true
  const mode = searchParams.get('sslmode')
  const isVerified = mode === 'verify-full' || mode === 'verify-ca' || mode === 'require' || mode === 'prefer'
  if (mode !== null) return isVerified && searchParams.get('uselibpqcompat') !== 'true'
  return ['true', '1'].includes(searchParams.get('ssl') ?? '') || searchParams.has('sslrootcert')
}

function entry(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}
