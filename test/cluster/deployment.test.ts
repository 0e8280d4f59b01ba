import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Cluster, startCluster } from '../support/cluster/index.ts'
import { applyProgram, rolledOut, waitingOf, web } from './web.ts'

let cluster: Cluster
const outside = createServer((_request, response) => response.end('from outside'))
let outsidePort: number

beforeAll(async () => {
  outside.listen(0, '127.0.0.1')
  await once(outside, 'listening')
  outsidePort = (outside.address() as AddressInfo).port
  cluster = await startCluster({
    nodes: 3,
    outside: [{ port: 7000, to: outsidePort }],
    names: { 'metrics.internal': '127.0.0.1' },
  })
})

afterAll(async () => {
  await cluster.close()
  outside.close()
})

/** One request on a connection of its own. */
function ask(port: number, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = get({ host: '127.0.0.1', port, path, agent: false, timeout: 5000 })
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error('no answer')))
    sent.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => resolve(text))
      response.once('error', reject)
    })
  })
}

describe('a deployment', () => {
  const namespace = 'shop'
  let port: number

  beforeAll(async () => {
    await applyProgram(cluster, namespace)
    const data = { colour: 'red' }
    await cluster.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data })
    await cluster.api.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'password', namespace },
      stringData: { password: 'correct horse' },
    })
    await cluster.api.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    })
    await cluster.api.apply(deployment('1'))
    await rolledOut(cluster, namespace)
    port = (await cluster.serviceAddress(namespace, 'web', 'http')).port
  })

  const deployment = (version: string) =>
    web(namespace, {
      version,
      volumes: [
        {
          name: 'current',
          projected: {
            defaultMode: 0o440,
            sources: [
              { configMap: { name: 'settings' } },
              { secret: { name: 'password', items: [{ key: 'password', path: 'secrets/password' }] } },
            ],
          },
        },
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'scratch', emptyDir: { sizeLimit: '1Mi' } },
      ],
      volumeMounts: [
        { name: 'current', mountPath: '/run/current', readOnly: true },
        { name: 'data', mountPath: '/data' },
        { name: 'scratch', mountPath: '/scratch' },
      ],
    })

  it('runs its pods on several nodes, and its service leads to all of them in turn', async () => {
    const pods = await cluster.pods(namespace)
    const nodes = new Set(pods.map(({ spec }) => spec.nodeName))
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(port, '/self')))
    const names = new Set(answers.map((answer) => (JSON.parse(answer) as { pod: string }).pod))
    expect(nodes.size).toBe(2)
    expect([...names].toSorted()).toEqual(pods.map(({ metadata }) => metadata.name).toSorted())
  })

  it('is run as the user and the groups that it names, as the first process, without any capability', async () => {
    const self = JSON.parse(await ask(port, '/self')) as { user: number; pid: number; groups: number[]; status: string }
    expect(self).toMatchObject({ user: 1000, pid: 1 })
    expect(self.groups.toSorted((a, b) => a - b)).toEqual([1000, 2000])
    expect(self.status).toMatch(/CapEff:\t0+\n/)
    expect(self.status).toMatch(/CapBnd:\t0+\n/)
    expect(self.status).toMatch(/NoNewPrivs:\t1\n/)
  })

  it('can write where it may, and nowhere else', async () => {
    expect(await ask(port, '/write/scratch/file')).toBe('written')
    expect(await ask(port, '/write/data/file')).toBe('written')
    expect(await ask(port, '/write/tmp/file')).toBe('EROFS')
    expect(await ask(port, '/write/usr/file')).toBe('EROFS')
    expect(await ask(port, '/write/run/current/colour')).toBe('EROFS')
    expect(await ask(port, '/write/proc/sys/kernel/hostname')).toMatch(/EACCES|EROFS/)
  })

  it('sees the files of its volumes, and nothing of this machine’s', async () => {
    expect(await ask(port, '/file/run/current/colour')).toBe('red')
    expect(await ask(port, '/file/run/current/secrets/password')).toBe('correct horse')
    expect(await ask(port, `/file${import.meta.filename}`)).toBe('ENOENT')
    expect(await ask(port, '/file/etc/shadow')).toBe('ENOENT')
  })

  it('reaches what it was offered, by a name too, and nothing else of this machine’s loopback', async () => {
    expect(await ask(port, '/fetch/127.0.0.1:7000/')).toBe('from outside')
    expect(await ask(port, '/fetch/metrics.internal:7000/')).toBe('from outside')
    expect(await ask(port, `/fetch/127.0.0.1:${outsidePort}/`)).toBe('ECONNREFUSED')
    await cluster.offer({ port: outsidePort })
    expect(await ask(port, `/fetch/127.0.0.1:${outsidePort}/`)).toBe('from outside')
  })

  it('sees a changed ConfigMap in its file, without a restart', async () => {
    const before = await cluster.pods(namespace)
    await cluster.api.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace },
      data: { colour: 'green' },
    })
    await expect.poll(() => ask(port, '/file/run/current/colour'), { timeout: 10_000 }).toBe('green')
    const after = await cluster.pods(namespace)
    const uids = (pods: typeof before) => pods.map(({ metadata }) => metadata.uid ?? '').toSorted()
    expect(uids(after)).toEqual(uids(before))
  })

  it('rolls to another version under traffic without a failed request, and keeps its claim’s data', async () => {
    const answers = new Map<string, number>()
    const over = new AbortController()
    const traffic = Array.from({ length: 8 }, async () => {
      while (!over.signal.aborted) {
        const answer = await ask(port).catch((error: unknown) => String(error))
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
      }
    })
    await cluster.api.apply(deployment('2'))
    await rolledOut(cluster, namespace)
    over.abort()
    await Promise.all(traffic)
    expect([...answers.keys()].toSorted()).toEqual(['1', '2'])
    expect(await ask(port)).toBe('2')
    expect(await ask(port, '/file/data/file')).toBe('written')
    expect(await ask(port, '/file/scratch/file')).toBe('ENOENT')
  })

  it('has a killed pod’s container started again, which the pod tells', async () => {
    const [pod] = await cluster.pods(namespace)
    const name = pod?.metadata.name ?? ''
    await cluster.killPod(namespace, name)
    const container = async () => {
      const stored = await cluster.api.get(`/api/v1/namespaces/${namespace}/pods/${name}`)
      return (stored['status'] as { containerStatuses: object[] }).containerStatuses[0]
    }
    await expect.poll(container, { timeout: 20_000 }).toMatchObject({
      ready: true,
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'Error' } },
    })
    expect(await cluster.logs(namespace, name)).toBe('version 2 listens\nversion 2 listens\n')
  })

  it('leaves nothing when its namespace is deleted', async () => {
    const path = `/api/v1/namespaces/${namespace}`
    await cluster.api.delete(path)
    await expect.poll(() => cluster.api.find(path), { timeout: 60_000 }).toBeUndefined()
    expect(await cluster.pods(namespace)).toEqual([])
    const volumes = () => cluster.api.list('/api/v1/persistentvolumes')
    await expect.poll(volumes, { timeout: 20_000 }).toEqual([])
    await expect(ask(port)).rejects.toThrow(/ECONNRESET|socket hang up/)
  })
})

describe('a pod', () => {
  const namespace = 'odd'
  beforeAll(() => applyProgram(cluster, namespace))

  async function whyItWaits(deployment: ReturnType<typeof web>): Promise<{ reason: string; message?: string }> {
    await cluster.api.apply(deployment, { force: true })
    const { name } = deployment.metadata
    const selected = `/api/v1/namespaces/${namespace}/pods`
    let found: { reason: string; message?: string } | undefined
    await expect
      .poll(
        async () => {
          const pods = await cluster.api.list(selected)
          found = pods.filter((pod) => pod.metadata.name.startsWith(name)).flatMap(waitingOf)[0]
          return found?.message
        },
        { timeout: 20_000 },
      )
      .toBeDefined()
    await cluster.api.delete(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)
    return found ?? { reason: '' }
  }
  const named = (name: string, options: Parameters<typeof web>[1]) => {
    const manifest = web(namespace, { replicas: 1, ...options })
    return { ...manifest, metadata: { ...manifest.metadata, name } }
  }

  it('that asks for what this node cannot do waits, and says for which field', async () => {
    const { reason, message } = await whyItWaits(
      named('unsupported', {
        pod: { shareProcessNamespace: true, initContainers: [], dnsConfig: { searches: ['x'] } },
      }),
    )
    expect(reason).toBe('CreateContainerConfigError')
    expect(message).toMatch(/"dnsConfig"/)
    expect(message).toMatch(/"shareProcessNamespace"/)
  })

  it('whose Secret is missing waits for it', async () => {
    const volumes = [{ name: 'missing', secret: { secretName: 'missing' } }]
    const { reason, message } = await whyItWaits(named('missing', { volumes }))
    expect(reason).toBe('ContainerCreating')
    expect(message).toBe('secret "missing" not found')
  })
})
