import { describe, expect, it } from 'vitest'

import { autoscalerManifest } from '../../../../infra/targets/kubernetes/autoscaler.ts'
import { disruptionBudgetManifest } from '../../../../infra/targets/kubernetes/disruption-budget.ts'
import { entrancesOf } from '../../../../infra/targets/kubernetes/entrances.ts'
import { httpRouteManifest } from '../../../../infra/targets/kubernetes/http-route.ts'
import { ingressManifest } from '../../../../infra/targets/kubernetes/ingress.ts'
import { namespaceManifest } from '../../../../infra/targets/kubernetes/namespace.ts'
import { serviceMonitorManifest } from '../../../../infra/targets/kubernetes/service-monitor.ts'
import { metricsServiceManifest, serviceManifest } from '../../../../infra/targets/kubernetes/service.ts'
import { volumeClaimManifest } from '../../../../infra/targets/kubernetes/volume-claim.ts'
import { ANNOTATIONS, LABELS, METADATA, OWNER, SELECTOR, settingsOf, stackOf } from './stack.ts'

const UNAWAITED = { ...METADATA, annotations: { ...ANNOTATIONS, 'pulumi.com/skipAwait': 'true' } }

it('the namespace lets nothing run that the restricted standard forbids', () => {
  expect(namespaceManifest(OWNER)).toEqual({
    metadata: {
      name: 'gatewright',
      labels: {
        ...LABELS,
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
      annotations: ANNOTATIONS,
    },
  })
})

describe('Services', () => {
  it('lead to the public port', () => {
    expect(serviceManifest(OWNER)).toEqual({
      metadata: UNAWAITED,
      spec: {
        type: 'ClusterIP',
        selector: SELECTOR,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }],
      },
    })
  })

  it('lead to metrics by one of their own, which no ingress can be pointed at by mistake', () => {
    expect(metricsServiceManifest(OWNER)).toEqual({
      metadata: {
        ...UNAWAITED,
        name: 'gatewright-metrics',
        labels: { ...LABELS, 'app.kubernetes.io/component': 'metrics' },
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        selector: SELECTOR,
        ports: [{ name: 'admin', port: 8401, targetPort: 'admin', protocol: 'TCP' }],
      },
    })
  })

  it('are monitored by the labels that this Prometheus asks for; ours cannot be taken away', () => {
    const monitor = serviceMonitorManifest(OWNER, { release: 'prometheus', 'app.kubernetes.io/name': 'another' })
    expect(monitor).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { ...METADATA, labels: { release: 'prometheus', ...LABELS } },
      spec: {
        selector: { matchLabels: { ...SELECTOR, 'app.kubernetes.io/component': 'metrics' } },
        endpoints: [{ port: 'admin', path: '/metrics', interval: '30s' }],
      },
    })
  })
})

describe('scale', () => {
  it('is chosen by CPU, between bounds', () => {
    expect(autoscalerManifest(OWNER, { min: 2, max: 8, cpuPercent: 60 })).toEqual({
      metadata: METADATA,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gatewright' },
        minReplicas: 2,
        maxReplicas: 8,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
        ],
      },
    })
  })

  it('goes down by one at a time for a node’s sake, and what is not ready holds no node up', () => {
    expect(disruptionBudgetManifest(OWNER)).toEqual({
      metadata: METADATA,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: SELECTOR },
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    })
  })
})

describe('the volume', () => {
  it('is of the cluster’s default class unless the stack file says another', () => {
    const { volume = { size: '' } } = settingsOf({ volume: { size: '2Gi' } })
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } }
    expect(volumeClaimManifest(OWNER, volume)).toEqual({ metadata: { ...UNAWAITED, name: 'gatewright-data' }, spec })
    expect(volumeClaimManifest(OWNER, { ...volume, storageClass: 'fast' }).spec).toEqual({
      ...spec,
      storageClassName: 'fast',
    })
  })
})

describe('the way in', () => {
  const hosts = ['*.apps.acme.example', 'login.acme.example']
  const entrances = hosts.map((host) => ({ host, path: '/' as const }))
  const shared = { host: 'old.acme.example', path: '/.gatewright' as const }
  const backend = { service: { name: 'gatewright', port: { name: 'http' } } }
  const rules = hosts.map((host) => ({ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }))
  const plain = { kind: 'ingress' as const, namespace: 'ingress-nginx', annotations: {} }

  it('has every host once, in an order that no other setting changes', () => {
    const routes = {
      wiki: { from: 'https://wiki.acme.example', to: 'http://wiki.tools.svc', allow: 'true' },
      files: { from: 'https://wiki.acme.example', prefix: '/files', to: 'http://files.tools.svc', allow: 'true' },
      apps: { from: 'https://*.apps.acme.example:8443', to: 'http://apps.tools.svc', allow: 'true' },
    }
    expect(entrancesOf(stackOf({}, { routes }))).toEqual([
      { host: '*.apps.acme.example', path: '/' },
      { host: 'login.acme.example', path: '/' },
      { host: 'wiki.acme.example', path: '/' },
    ])
  })

  it('is an Ingress with a certificate of cert-manager’s for each host', () => {
    expect(ingressManifest(OWNER, entrances, { ...plain, tls: { clusterIssuer: 'letsencrypt' } })).toEqual({
      metadata: {
        ...METADATA,
        annotations: { ...UNAWAITED.annotations, 'cert-manager.io/cluster-issuer': 'letsencrypt' },
      },
      spec: {
        rules,
        tls: [
          { hosts: ['*.apps.acme.example'], secretName: 'gatewright-tls-apps.acme.example.wildcard' },
          { hosts: ['login.acme.example'], secretName: 'gatewright-tls-login.acme.example' },
        ],
      },
    })
  })

  it('is an Ingress of a class, with a given certificate and annotations; that it is not awaited stays', () => {
    const annotations = { 'nginx.ingress.kubernetes.io/proxy-body-size': '0', 'pulumi.com/skipAwait': 'false' }
    const settings = { ...plain, class: 'nginx', annotations, tls: { secret: 'acme-tls' } }
    expect(ingressManifest(OWNER, entrances, settings)).toEqual({
      metadata: {
        ...METADATA,
        annotations: { ...UNAWAITED.annotations, 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
      },
      spec: { ingressClassName: 'nginx', rules, tls: [{ hosts, secretName: 'acme-tls' }] },
    })
  })

  it('leaves a host whose app is behind another proxy to that one, but for what the gateway answers itself', () => {
    const old = { from: 'https://old.acme.example', forwardAuth: true, allow: 'true' }
    const routes = {
      old,
      both: { ...old, prefix: '/a' },
      wiki: { from: 'https://wiki.acme.example', to: 'http://w.t.svc', allow: 'true' },
    }
    const more = { forwardAuth: { secret: 'a-secret-that-is-long-enough' } }
    expect(entrancesOf(stackOf({}, { routes, ...more }))).toContainEqual(shared)
    const mixed = { ...routes, new: { from: old.from, prefix: '/new', to: 'http://n.t.svc', allow: 'true' } }
    expect(entrancesOf(stackOf({}, { routes: mixed, ...more }))).toContainEqual({ host: shared.host, path: '/' })
    const { spec } = ingressManifest(OWNER, [...entrances, shared], { ...plain, tls: { secret: 'acme-tls' } })
    expect(spec).toEqual({
      rules: [
        ...rules,
        { host: shared.host, http: { paths: [{ path: '/.gatewright', pathType: 'Prefix', backend }] } },
      ],
      tls: [{ hosts, secretName: 'acme-tls' }],
    })
  })

  it('gives a star and a host that is called after one names of their own', () => {
    const settings = { kind: 'gateway' as const, name: 'edge', namespace: 'gateways' }
    const [star, host] = ['*.apps.acme.example', 'wildcard.apps.acme.example'].map(
      (name) => httpRouteManifest(OWNER, { host: name, path: '/' }, settings).metadata.name,
    )
    expect(star).not.toBe(host)
  })

  it('is an HTTPRoute for each host', () => {
    const settings = { kind: 'gateway' as const, name: 'edge', namespace: 'gateways' }
    const route = httpRouteManifest(OWNER, { host: '*.apps.acme.example', path: '/' }, settings)
    expect(route).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { ...METADATA, name: 'gatewright-apps.acme.example.wildcard' },
      spec: {
        parentRefs: [{ name: 'edge', namespace: 'gateways' }],
        hostnames: ['*.apps.acme.example'],
        rules: [
          { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'gatewright', port: 80 }] },
        ],
      },
    })
    expect(httpRouteManifest(OWNER, shared, { ...settings, section: 'https' }).spec.parentRefs).toEqual([
      { name: 'edge', namespace: 'gateways', sectionName: 'https' },
    ])
  })
})
