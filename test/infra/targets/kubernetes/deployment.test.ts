import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { deploymentManifest, rolloutTimeout } from '../../../../infra/targets/kubernetes/deployment.ts'
import { podSpec } from '../../../../infra/targets/kubernetes/pod.ts'
import { ANNOTATIONS, LABELS, METADATA, OWNER, SELECTOR, settingsOf } from './stack.ts'

const SOURCES = {
  config: 'gatewright-config-1',
  secrets: 'gatewright-secrets-1',
  secretNames: ['sealing-key.k1', 'database-url'],
  bundle: 'gatewright-bundle-1',
  keepsData: false,
}

function parts(target: Readonly<Record<string, unknown>> = {}, sources: Partial<typeof SOURCES> = {}) {
  return { owner: OWNER, settings: settingsOf(target), sources: { ...SOURCES, ...sources } }
}

/** What of a pod's only container a test looks at. */
function containerOf(target: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [container] = podSpec(parts(target)).containers as unknown as Record<string, unknown>[]
  return container ?? {}
}

function spread(topologyKey: string) {
  return {
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: SELECTOR },
    matchLabelKeys: ['pod-template-hash'],
  }
}

it('two pods are updated one by one, one more and never one less', () => {
  const { template, ...spec } = deploymentManifest(parts()).spec as unknown as Record<string, unknown>
  expect(deploymentManifest(parts()).metadata).toEqual(METADATA)
  expect(spec).toEqual({
    replicas: 2,
    revisionHistoryLimit: 2,
    selector: { matchLabels: SELECTOR },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  })
  expect(template).toMatchObject({ metadata: { labels: LABELS, annotations: ANNOTATIONS } })
})

it('a pod may do what the restricted standard allows, and mounts what it needs', () => {
  expect(podSpec(parts())).toEqual({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: [spread('topology.kubernetes.io/zone'), spread('kubernetes.io/hostname')],
    containers: [
      {
        name: 'gateway',
        image: 'docker.io/library/node:26.10.0-slim',
        command: [
          'node',
          '--no-memory-reducer',
          '--min-semi-space-size=8',
          '--max-semi-space-size=8',
          '/opt/gatewright/start.mjs',
          '--folder',
          '/var/lib/gatewright',
        ],
        ports: [
          { name: 'http', containerPort: 8400, protocol: 'TCP' },
          { name: 'admin', containerPort: 8401, protocol: 'TCP' },
        ],
        startupProbe: {
          httpGet: { path: '/readyz', port: 'admin' },
          periodSeconds: 1,
          timeoutSeconds: 2,
          failureThreshold: 120,
        },
        readinessProbe: {
          httpGet: { path: '/readyz', port: 'admin' },
          periodSeconds: 5,
          timeoutSeconds: 3,
          failureThreshold: 2,
        },
        livenessProbe: {
          httpGet: { path: '/healthz', port: 'admin' },
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
        resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '2', memory: '512Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
        },
        volumeMounts: [
          { name: 'release', mountPath: '/var/lib/gatewright/current', readOnly: true },
          { name: 'data', mountPath: '/var/lib/gatewright/data' },
          { name: 'program', mountPath: '/opt/gatewright', readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        name: 'release',
        projected: {
          defaultMode: 0o440,
          sources: [
            {
              configMap: {
                name: 'gatewright-config-1',
                items: [
                  { key: 'config.json', path: 'config.json' },
                  { key: 'generation', path: 'generation' },
                  { key: 'registrations.json', path: 'config/registrations.json' },
                  { key: 'serviceAccounts.json', path: 'config/serviceAccounts.json' },
                ],
              },
            },
            {
              secret: {
                name: 'gatewright-secrets-1',
                items: [
                  { key: 'database-url', path: 'secrets/database-url' },
                  { key: 'sealing-key.k1', path: 'secrets/sealing-key.k1' },
                ],
              },
            },
          ],
        },
      },
      { name: 'data', emptyDir: { sizeLimit: '16Mi' } },
      { name: 'program', configMap: { name: 'gatewright-bundle-1', defaultMode: 0o440 } },
    ],
  })
})

describe('settings', () => {
  it('an autoscaler’s number of replicas is left to it', () => {
    expect(deploymentManifest(parts({ replicas: { max: 5 } })).spec).not.toHaveProperty('replicas')
    expect(deploymentManifest(parts({ replicas: 3 })).spec).toHaveProperty('replicas', 3)
  })

  it.each([
    [{}, '10m'],
    [{ replicas: 25 }, '25m'],
    [{ replicas: { max: 40 } }, '40m'],
  ])('an update is waited for as long as that many replicas take: %j', (target, timeout) => {
    expect(rolloutTimeout(settingsOf(target))).toBe(timeout)
  })

  it('with a volume there is one pod, and the old one is told to end before the new one begins', () => {
    const manifest = deploymentManifest(parts({ volume: { size: '1Gi' } }, { keepsData: true }))
    expect(manifest.spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    })
    expect(podSpec(parts({ volume: { size: '1Gi' } }, { keepsData: true })).volumes).toContainEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'gatewright-data' },
    })
  })

  it('an image with the program in it runs that, and is fetched with its registry’s credentials', () => {
    const settings = { image: 'registry.acme.example/gatewright:1.4.0', bundle: 'image', pullSecret: 'registry' }
    const { volumes, imagePullSecrets } = podSpec({
      ...parts(settings),
      sources: { ...SOURCES, bundle: undefined },
    }) as unknown as { volumes: { name: string }[]; imagePullSecrets: object[] }
    expect(imagePullSecrets).toEqual([{ name: 'registry' }])
    expect(volumes.map(({ name }) => name)).toEqual(['release', 'data'])
    expect(containerOf(settings)['command']).toContain('/opt/gatewright/gateway.mjs')
    expect(containerOf(settings)['image']).toBe('registry.acme.example/gatewright:1.4.0')
  })

  it('an image of the kit’s own does what a pod asks it to', () => {
    const file = readFileSync('infra/targets/kubernetes/image/Dockerfile', 'utf8')
    const [, entrypoint = ''] = /^ENTRYPOINT (.*)$/m.exec(file) ?? []
    const settings = { image: 'registry.acme.example/gatewright:1.4.0', bundle: 'image' }
    expect(JSON.parse(entrypoint)).toEqual(containerOf(settings)['command'])
    expect(file).toContain(`\nFROM ${String(containerOf({})['image'])}\n`)
    expect(file).toContain('\nUSER 1000:1000\n')
  })

  it('what a pod may take is said field by field', () => {
    expect(containerOf({ resources: { limits: { memory: '1Gi' } } })['resources']).toEqual({
      requests: { cpu: '250m', memory: '256Mi' },
      limits: { cpu: '2', memory: '1Gi' },
    })
  })
})
