import { describe, expect, it } from 'vitest'

import { compareChanged, lines, smallStack, type Stack } from './stack.ts'

type Settings = Record<string, unknown>

const ingress = { kind: 'ingress', namespace: 'ingress-nginx', tls: { secret: 'tls' } }
const kubernetes = { kind: 'kubernetes', database: { url: { env: 'DATABASE_URL' } }, ingress }
const systemd = { kind: 'process', systemd: {} }

/** @returns findings by rule, and what is said of settings */
function review(target: Settings, change: (stack: Stack & { target: Settings }) => void) {
  const stack = { ...smallStack(), trustedProxies: ['10.0.0.0/16'], target: structuredClone(target) }
  const comparison = compareChanged(stack, change as (stack: Stack) => void)
  const settings = comparison.comparable ? JSON.stringify(comparison.settings) : ''
  return { widened: comparison.widened, findings: lines(comparison), settings }
}

const rules = ({ findings }: { findings: string[] }): string[] => findings.map((line) => line.replace(/:.*/, ''))

describe('where the gateway runs', () => {
  it.each<[string, Settings, Settings]>([
    ['target_program', kubernetes, { image: 'registry.acme.example/gateway:1' }],
    ['target_program', kubernetes, { image: 'registry.acme.example/gateway:1', bundle: 'image' }],
    ['target_entrance', kubernetes, { ingress: { ...ingress, namespace: 'default' } }],
    [
      'target_entrance',
      kubernetes,
      { ingress: { ...ingress, annotations: { 'acme.example/snippet': 'return 200;' } } },
    ],
    ['target_metrics', kubernetes, { metrics: { namespace: 'default' } }],
    ['target_namespace', kubernetes, { namespace: 'shared' }],
    ['target_database', kubernetes, { database: { url: { env: 'OTHER_URL' } } }],
    ['target_service', systemd, { systemd: { environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } } }],
    ['target_service', systemd, { systemd: { user: 'www-data' } }],
  ])('widens access by %s', (rule, target, changed) => {
    const found = review(target, (stack) => Object.assign(stack.target, changed))
    expect(rules(found)).toEqual([`+  ${rule}`])
    expect(found.widened).toBe(true)
  })

  it('shows what is no secret, and of a database only that it changes', () => {
    const image = review(kubernetes, ({ target }) => Object.assign(target, { image: 'evil.example/gateway:1' }))
    expect(image.settings).toContain('evil.example/gateway:1')
    const database = review(kubernetes, ({ target }) =>
      Object.assign(target, { database: { url: 'postgres://a:hunter2@db/x' } }),
    )
    expect(`${database.settings}${database.findings.join()}`).not.toContain('hunter2')
  })

  it('widens access with another cluster, which secrets are put into', () => {
    const found = review(kubernetes, (stack) => Object.assign(stack, { cluster: { kubeconfig: { env: 'KUBE' } } }))
    expect(rules(found)).toEqual(['+  cluster_changed'])
  })

  it('widens access when it moves, and says no more of it', () => {
    const found = review(systemd, (stack) => (stack.target = kubernetes))
    expect(rules(found)).toEqual(['+  target_moved'])
  })

  it.each([
    ['replicas', { replicas: 4 }],
    ['resources', { resources: { limits: { memory: '1Gi' } } }],
  ])('lets nobody in by %s', (_, changed) => {
    expect(review(kubernetes, (stack) => Object.assign(stack.target, changed))).toMatchObject({
      widened: false,
      findings: [],
    })
  })
})

it('tells of a Secret with a client that goes to another namespace, and not of another name there', () => {
  const app = { kind: 'app', app: 'grafana', url: 'https://grafana.acme.example', identityProvider: 'staff' }
  const moved = (secret: Settings) =>
    lines(
      compareChanged(
        { ...smallStack(), relyingParties: { app: { ...app, secret: { namespace: 'a', name: 'oidc' } } } },
        (stack) => Object.assign(stack, { relyingParties: { app: { ...app, secret } } }),
      ),
    )
  expect(moved({ namespace: 'b', name: 'oidc' })).toEqual(['+ app party_secret: whoever may read Secrets in b'])
  expect(moved({ namespace: 'a', name: 'other' })).toEqual([])
})
