import { vi } from 'vitest'

import type { Cluster, KubeObject, Manifest } from '../support/cluster/index.ts'

/** A program that answers with its name, its version and what it was mounted. */
const PROGRAM = `
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const file = (path) => { try { return readFileSync(path, 'utf8') } catch (error) { return error.code } }
const server = createServer(async (request, response) => {
  const path = request.url ?? '/'
  if (path === '/ready') return response.end()
  if (path === '/self') return response.end(JSON.stringify({
    pod: process.env.POD, version: process.env.VERSION, pid: process.pid,
    user: process.getuid(), groups: process.getgroups(), status: file('/proc/self/status'),
  }))
  if (path.startsWith('/file/')) return response.end(file(path.slice(5)))
  if (path.startsWith('/write/')) {
    const { writeFileSync } = await import('node:fs')
    try { writeFileSync(path.slice(6), 'written'); return response.end('written') } catch (error) { return response.end(error.code) }
  }
  if (path.startsWith('/fetch/')) {
    return fetch('http://' + path.slice(7)).then((answer) => answer.text()).then((text) => response.end(text), (error) => response.end(String(error.cause?.code)))
  }
  response.end(process.env.VERSION)
})
server.listen(8080)
console.log('version ' + process.env.VERSION + ' listens')
process.on('SIGTERM', () => {
  console.log('told to end')
  server.close(() => process.exit(0))
})
`

/** The program, in a namespace that is kept to the `restricted` standard. */
export async function applyProgram(cluster: Cluster, namespace: string): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
  const metadata = { name: 'program', namespace }
  await cluster.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'main.mjs': PROGRAM } })
  await cluster.api.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  })
}

/** What differs between deployments of the program. */
export interface Web {
  version?: string
  replicas?: number
  volumes?: object[]
  volumeMounts?: object[]
  pod?: object
}

/** A deployment of the program that passes the `restricted` standard. */
export function web(namespace: string, options: Web = {}): Manifest {
  const { version = '1', replicas = 2, volumes = [], volumeMounts = [], pod = {} } = options
  const container = {
    name: 'web',
    image: 'docker.io/library/node:26.10.0-slim',
    command: ['node', '/app/main.mjs'],
    env: [
      { name: 'VERSION', value: version },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 1 },
    lifecycle: { preStop: { sleep: { seconds: 1 } } },
    volumeMounts: [{ name: 'program', mountPath: '/app' }, ...volumeMounts],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      replicas,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 10,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 2000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container],
          volumes: [{ name: 'program', configMap: { name: 'program' } }, ...volumes],
          ...pod,
        },
      },
    },
  }
}

/** Waits until a deployment is what was last applied: all replicas new, all available, none of the old. */
export async function rolledOut(cluster: Cluster, namespace: string, name = 'web'): Promise<void> {
  const settled = async (): Promise<boolean> => {
    const deployment = await cluster.api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)
    const { replicas } = deployment['spec'] as { replicas: number }
    const status = deployment['status'] as Record<string, number>
    return (
      status['observedGeneration'] === deployment.metadata.generation &&
      status['updatedReplicas'] === replicas &&
      status['availableReplicas'] === replicas &&
      status['replicas'] === replicas
    )
  }
  await vi.waitUntil(settled, { timeout: 60_000, interval: 200 })
}

/** Why the containers of a pod wait. */
export function waitingOf(pod: KubeObject): { reason: string; message?: string }[] {
  const { containerStatuses = [] } = (pod['status'] ?? {}) as {
    containerStatuses?: { state: { waiting?: { reason: string; message?: string } } }[]
  }
  return containerStatuses.flatMap(({ state }) => state.waiting ?? [])
}
