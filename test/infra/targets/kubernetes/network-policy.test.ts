import { describe, expect, it } from 'vitest'

import { databaseDestination, destinationsOf, placesOf } from '../../../../infra/targets/kubernetes/destinations.ts'
import { egressRules, networkPolicyManifest } from '../../../../infra/targets/kubernetes/network-policy.ts'
import { METADATA, OWNER, SELECTOR, settingsOf, stackOf } from './stack.ts'

const DNS = {
  to: [inNamespace('kube-system'), { ipBlock: { cidr: '169.254.20.10/32' } }],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
}
const ANYWHERE = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } },
  { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128', 'fe80::/10'] } },
]

function inNamespace(name: string) {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }
}

function tcp(...ports: number[]) {
  return ports.map((port) => ({ port, protocol: 'TCP' }))
}

describe('in', () => {
  it.each<[string, Record<string, unknown>, object[]]>([
    [
      'comes the ingress alone, and to the public port alone',
      {},
      [{ from: [inNamespace('ingress-nginx')], ports: tcp(8400) }],
    ],
    [
      'comes who reads metrics, and to the admin port alone',
      { metrics: { namespace: 'monitoring' } },
      [
        { from: [inNamespace('ingress-nginx')], ports: tcp(8400) },
        { from: [inNamespace('monitoring')], ports: tcp(8401) },
      ],
    ],
    [
      'come the pods of a Gateway from its namespace',
      { ingress: { kind: 'gateway', name: 'edge', namespace: 'gateways' } },
      [{ from: [inNamespace('gateways')], ports: tcp(8400) }],
    ],
    [
      'come the pods of a Gateway from where they are, when that is elsewhere',
      { ingress: { kind: 'gateway', name: 'edge', namespace: 'gateways', proxyNamespace: 'envoy' } },
      [{ from: [inNamespace('envoy')], ports: tcp(8400) }],
    ],
  ])('%s', (_, target, ingress) => {
    expect(networkPolicyManifest(OWNER, settingsOf(target), [DNS])).toEqual({
      metadata: METADATA,
      spec: { podSelector: { matchLabels: SELECTOR }, policyTypes: ['Ingress', 'Egress'], ingress, egress: [DNS] },
    })
  })
})

describe('out', () => {
  it('goes what the stack file names: in the cluster by namespace, elsewhere by port, and never to the machine’s own', () => {
    const routes = {
      wiki: { from: 'https://wiki.acme.example', to: ['http://wiki.tools.svc:3000', 'http://wiki.tools.svc:3001'] },
      old: { from: 'https://old.acme.example', to: 'https://old.internal.acme.example:8443' },
      box: { from: 'https://box.acme.example', to: ['http://10.1.2.3:9000', 'http://10.1.2.3'] },
      six: { from: 'https://six.acme.example', to: 'http://[2001:db8::7]:8080' },
      near: { from: 'https://near.acme.example', to: 'http://near:8080' },
      off: { from: 'https://off.acme.example', respond: { status: 503, body: 'off' } },
    }
    const allowed = Object.fromEntries(Object.entries(routes).map(([id, route]) => [id, { ...route, allow: 'true' }]))
    const mail = { kind: 'smtp', host: 'smtp.acme.example', from: 'login@acme.example' }
    const stack = stackOf({}, { routes: allowed, mail })
    const config = {
      identityProviders: { sso: { issuer: 'https://id.acme.example:9443' }, own: { issuer: 'https://kc.auth.svc' } },
      tokenIssuers: { ci: { issuer: 'https://ci.acme.example', jwks: 'https://ci.acme.example:7443/keys' } },
    } as unknown as Parameters<typeof destinationsOf>[1]
    const database = databaseDestination('postgres://gateway:a%20pass@db.acme.example/gateway')
    expect(egressRules([...destinationsOf(stack, config), database], 'ingress-nginx')).toEqual([
      DNS,
      { to: [inNamespace('auth'), inNamespace('ingress-nginx'), inNamespace('tools'), { podSelector: {} }] },
      { to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: tcp(80, 9000) },
      { to: [{ ipBlock: { cidr: '2001:db8::7/128' } }], ports: tcp(8080) },
      { to: ANYWHERE, ports: tcp(443, 465, 5432, 7443, 8443, 9443) },
    ])
  })

  it('goes nothing but names and sign-ins where there is nothing else', () => {
    expect(egressRules([], 'ingress-nginx')).toEqual([
      DNS,
      { to: [inNamespace('ingress-nginx')] },
      { to: ANYWHERE, ports: tcp(443) },
    ])
  })

  it.each<[string, object[]]>([
    ['db.data.svc', [{ kind: 'namespace', name: 'data' }]],
    ['db.data.svc.cluster.local', [{ kind: 'namespace', name: 'data' }]],
    ['pod-0.db.data.svc.cluster.local', [{ kind: 'namespace', name: 'data' }]],
    ['db', [{ kind: 'own' }]],
    // A Service and its namespace, or somebody's host: nobody can tell by the name.
    ['db.data', [{ kind: 'namespace', name: 'data' }, { kind: 'outside' }]],
    ['db.acme.example', [{ kind: 'outside' }]],
    ['svc.acme.example', [{ kind: 'outside' }]],
    ['10.0.0.7', [{ kind: 'address', cidr: '10.0.0.7/32' }]],
    ['2001:db8::7', [{ kind: 'address', cidr: '2001:db8::7/128' }]],
    ['', [{ kind: 'outside' }]],
  ])('a host is placed by its name: %s', (host, places) => {
    expect(placesOf(host)).toEqual(places)
  })

  it.each([
    ['postgres://u:p@db.data.svc:6432/g', { host: 'db.data.svc', port: 6432 }],
    ['postgresql://u:p@[2001:db8::5]/g', { host: '2001:db8::5', port: 5432 }],
    ['postgres://u:p@one:5432,two:5432/g', { host: '', port: 5432 }],
    ['postgres:///g?host=/var/run/postgresql', { host: '', port: 5432 }],
  ])('a database is where its address says: %s', (url, place) => {
    expect(databaseDestination(url)).toEqual(place)
  })
})
