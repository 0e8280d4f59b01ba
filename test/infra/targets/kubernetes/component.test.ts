import * as pulumi from '@pulumi/pulumi'
import { beforeEach, describe, expect, it } from 'vitest'

import { Gateway, type GatewayArgs } from '../../../../infra/index.ts'
import { stackInput } from './stack.ts'

const MADE = { clientId: 'client-1', clientSecret: 'secret-1', value: 'value-1', privateJwk: '{"d":"jwk-1"}' }

/** The program in an image, so that nothing is bundled. */
const IMAGE = { image: 'registry.acme.example/gatewright:1.4.0', bundle: 'image' }

const resources: pulumi.runtime.MockResourceArgs[] = []

/** Deploys a stack to nowhere. @returns what was made in the cluster, in order */
async function deploy(target: Readonly<Record<string, unknown>> = {}, more: object = {}): Promise<string[]> {
  await pulumi.runtime.setMocks(
    {
      newResource(resource) {
        resources.push(resource)
        // No secret, unlike the other values of that name.
        const suffix = resource.type.endsWith(':NameSuffix') ? { value: '0123456789ab' } : {}
        return { id: resource.name, state: { ...(resource.inputs as object), ...MADE, ...suffix } }
      },
      call: () => ({}),
    },
    'access',
    'production',
  )
  new Gateway('gateway', stackInput({ ...IMAGE, ...target }, more) as GatewayArgs)
  await pulumi.runtime.disconnect()
  return resources.flatMap(({ type, name }) => (type.startsWith('kubernetes:') ? [`${type.slice(11)} ${name}`] : []))
}

function inputsOf(name: string): Record<string, unknown> {
  const found = resources.find((resource) => resource.name === name && resource.type.startsWith('kubernetes:'))
  return found?.inputs as Record<string, unknown>
}

beforeEach(() => {
  resources.length = 0
})

describe('a gateway in a cluster', () => {
  it('is made of what every stack needs, by one provider, behind everything that it mounts', async () => {
    const made = await deploy()
    expect(made.toSorted()).toEqual([
      'apps/v1:Deployment gateway-deployment',
      'core/v1:ConfigMap gateway-config',
      'core/v1:Namespace gateway-namespace',
      'core/v1:Secret gateway-secrets',
      'core/v1:Service gateway-service',
      'networking.k8s.io/v1:Ingress gateway-ingress',
      'networking.k8s.io/v1:NetworkPolicy gateway-network',
      'policy/v1:PodDisruptionBudget gateway-disruptions',
    ])
    const turn = (name: string): number => made.findIndex((entry) => entry.endsWith(` gateway-${name}`))
    expect(turn('namespace')).toBe(0)
    for (const before of ['config', 'secrets', 'network']) expect(turn(before)).toBeLessThan(turn('deployment'))
    const providers = resources.filter(({ type }) => type === 'pulumi:providers:kubernetes')
    expect(providers.map(({ name, inputs }) => ({ name, inputs: inputs as object }))).toEqual([
      {
        name: 'cluster',
        inputs: {
          enableServerSideApply: 'true',
          enablePatchForce: 'true',
          enableConfigMapMutable: 'true',
          enableSecretMutable: 'true',
        },
      },
    ])
  })

  it('is reached by the cluster that the stack file says', async () => {
    await deploy({}, { cluster: { context: 'prod', kubeconfig: 'apiVersion: v1' } })
    const provider = resources.find(({ type }) => type === 'pulumi:providers:kubernetes')
    expect(provider?.inputs).toMatchObject({ context: 'prod' })
    expect(JSON.stringify(provider?.inputs)).toContain('apiVersion: v1')
  })

  it('tells secrets in its Secret alone', async () => {
    await deploy()
    const { data, metadata } = inputsOf('gateway-secrets') as { data: object; metadata: { name: string } }
    const others = resources.filter(({ type, name }) => type.startsWith('kubernetes:') && name !== 'gateway-secrets')
    for (const secret of ['secret-1', 'value-1', 'a-password']) {
      const encoded = Buffer.from(secret).toString('base64').slice(0, 8)
      expect(JSON.stringify(others)).not.toContain(secret)
      expect(JSON.stringify(others)).not.toContain(encoded)
    }
    expect(JSON.stringify(data)).toContain(Buffer.from('secret-1').toString('base64'))
    const deployment = JSON.stringify(inputsOf('gateway-deployment'))
    expect(deployment).toContain(`"${metadata.name}"`)
    expect(deployment).toContain('secrets/database-url')
  })

  it('has the database’s place in its policy, and neither user nor password', async () => {
    await deploy()
    const policy = JSON.stringify(inputsOf('gateway-network'))
    expect(policy).toContain('"kubernetes.io/metadata.name":"data"')
    expect(policy).not.toContain('gateway:')
  })
})

describe('settings', () => {
  it('an autoscaler, and metrics with a monitor', async () => {
    const metrics = { namespace: 'monitoring', serviceMonitor: { labels: { release: 'prometheus' } } }
    expect(await deploy({ replicas: { max: 4 }, metrics })).toEqual(
      expect.arrayContaining([
        'autoscaling/v2:HorizontalPodAutoscaler gateway-autoscaler',
        'policy/v1:PodDisruptionBudget gateway-disruptions',
        'core/v1:Service gateway-metrics',
        'monitoring.coreos.com/v1:ServiceMonitor gateway-monitor',
      ]),
    )
  })

  it('a volume for one pod, which may be taken away whenever a node has to go', async () => {
    const made = await deploy({ volume: { size: '1Gi' } })
    expect(made).toContain('core/v1:PersistentVolumeClaim gateway-data')
    expect(made.indexOf('core/v1:PersistentVolumeClaim gateway-data')).toBeLessThan(
      made.indexOf('apps/v1:Deployment gateway-deployment'),
    )
    expect(made).not.toContain('policy/v1:PodDisruptionBudget gateway-disruptions')
    expect(JSON.stringify(inputsOf('gateway-config'))).toContain(String.raw`\"store\": \"sqlite\"`)
  })

  it('an HTTPRoute for each host, called after it', async () => {
    const made = await deploy({ ingress: { kind: 'gateway', name: 'edge', namespace: 'gateways' } })
    expect(made.filter((entry) => /Ingress|HTTPRoute/.test(entry))).toEqual([
      'gateway.networking.k8s.io/v1:HTTPRoute gateway-route-login.acme.example',
      'gateway.networking.k8s.io/v1:HTTPRoute gateway-route-wiki.acme.example',
    ])
  })
})
