import { describe, expect, it } from 'vitest'

import { parseStack, placementOf, scaleOf, StackConfigError } from '../../../infra/config/index.ts'
import { settingsOf, stackInput, stackOf } from '../targets/kubernetes/stack.ts'

/** Every mistake of a stack, a line each. */
function mistakes(input: object): string[] {
  try {
    parseStack(input)
    return []
  } catch (error) {
    if (!(error instanceof StackConfigError)) throw error
    return error.problems.map(({ path, message }) => `${path} ${message}`)
  }
}

describe('a target in a cluster', () => {
  it('needs a way in and a store, and has a default for the rest', () => {
    const { ingress, database, ...rest } = settingsOf()
    expect(ingress).toEqual({
      kind: 'ingress',
      namespace: 'ingress-nginx',
      annotations: {},
      tls: { clusterIssuer: 'letsencrypt' },
    })
    expect(database).toBeDefined()
    expect(rest).toEqual({
      kind: 'kubernetes',
      namespace: 'gatewright',
      image: 'docker.io/library/node:26.10.0-slim',
      bundle: 'configMap',
      resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '2', memory: '512Mi' } },
    })
  })

  it.each<[Readonly<Record<string, unknown>>, object]>([
    [{}, { min: 2 }],
    [{ volume: { size: '1Gi' } }, { min: 1 }],
    [{ replicas: 5 }, { min: 5 }],
    [{ replicas: { max: 9 } }, { min: 2, autoscaler: { max: 9, cpuPercent: 70 } }],
    [{ replicas: { min: 3, max: 9, cpuPercent: 50 } }, { min: 3, autoscaler: { max: 9, cpuPercent: 50 } }],
  ])('has so many replicas: %j', (target, scale) => {
    expect(scaleOf(settingsOf(target))).toEqual(scale)
  })

  it('listens at every address of a pod', () => {
    const [listen, admin] = [8400, 8401].map((port) => ({ host: '::', port }))
    expect(placementOf(stackOf().target)).toEqual({ listen, admin, workers: 1, store: 'postgres' })
    expect(placementOf(stackOf({ volume: { size: '1Gi' } }).target)).toMatchObject({ store: 'sqlite' })
    expect(() => placementOf({ kind: 'none' })).toThrow('nothing runs')
  })

  const of = 'gatewright:target'
  it.each<[string, Record<string, unknown>, string]>([
    [
      'no store at all',
      { database: undefined },
      `${of} say where sessions are kept: in a database or, for one replica, on a volume; a pod keeps nothing of its own`,
    ],
    [
      'two stores',
      { volume: { size: '1Gi' }, database: { url: 'postgres://a:b@db/c' } },
      `${of} say where sessions are kept: in a database or, for one replica, on a volume; not both`,
    ],
    [
      'a volume for several',
      { volume: { size: '1Gi' }, replicas: 2 },
      `${of}.replicas a volume is for one replica: several share a database (target.database.url)`,
    ],
    [
      'a volume for an autoscaler',
      { volume: { size: '1Gi' }, replicas: { min: 1, max: 2 } },
      `${of}.replicas a volume is for one replica: several share a database (target.database.url)`,
    ],
    [
      'a volume of no size',
      { volume: { size: 'big' } },
      `${of}.volume.size "big": write it as Kubernetes does, like 512Mi, 10Gi, 500m or "2"`,
    ],
    ['bounds that are none', { replicas: { min: 3, max: 2 } }, `${of}.replicas min is more than max`],
    [
      'a namespace that cannot be',
      { namespace: 'Gate_wright' },
      `${of}.namespace "Gate_wright": use lowercase letters, digits and dashes, 63 at most`,
    ],
    [
      'an image that may be any',
      { image: 'docker.io/library/node' },
      `${of}.image "docker.io/library/node": say which one: add a tag or a digest`,
    ],
    [
      'an image without a registry',
      { image: 'node:26' },
      `${of}.image "node:26": write it whole, like registry.acme.example/node:26-slim`,
    ],
    [
      'a stock image with the program in it',
      { bundle: 'image' },
      `${of}.image is a stock Node without the program: name an image that has it (docs/kubernetes.md)`,
    ],
    [
      'more asked for than allowed',
      { resources: { requests: { memory: '1Gi' } } },
      `${of}.resources.requests.memory "1Gi": more than limits.memory, 512Mi`,
    ],
    ['a setting of another target', { listen: '0.0.0.0:8400' }, `${of}.listen is unknown; known here: kind, namespace`],
    ['no way in', { ingress: undefined }, `${of}.ingress is missing`],
    [
      'two certificates for a host',
      { ingress: { kind: 'ingress', namespace: 'i', tls: { clusterIssuer: 'a', secret: 'b' } } },
      `${of}.ingress.tls say one of clusterIssuer and secret`,
    ],
    [
      'no certificate',
      { ingress: { kind: 'ingress', namespace: 'i', tls: {} } },
      `${of}.ingress.tls say one of clusterIssuer and secret`,
    ],
    ['a Gateway without a name', { ingress: { kind: 'gateway', namespace: 'g' } }, `${of}.ingress.name is missing`],
    [
      'a label that cannot be',
      { metrics: { namespace: 'm', serviceMonitor: { labels: { a: 'b c' } } } },
      `${of}.metrics.serviceMonitor`,
    ],
  ])('is refused with %s', (_, target, mistake) => {
    const found = mistakes(stackInput(target))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(mistake)
  })

  it('is refused where nobody says which proxies tell the clients’ addresses; to trust none is an answer', () => {
    const { trustedProxies: _, ...input } = stackInput()
    expect(mistakes(input)).toEqual([expect.stringContaining('gatewright:trustedProxies is missing')])
    expect(mistakes({ ...input, trustedProxies: [] })).toEqual([])
  })

  const local = {
    kind: 'local',
    url: 'http://idp.gw.localhost:8402',
    people: { alice: { name: 'Alice', email: 'alice@gw.example' } },
  }
  it.each<[string, object, string[]]>([
    [
      'a provider runs on this machine',
      { identityProviders: { local } },
      ['gatewright:identityProviders.local.kind it would run on this machine'],
    ],
    [
      'mail stays on this machine',
      { mail: { kind: 'local' } },
      ['gatewright:mail.kind', 'gatewright:mail.kind it would run on this machine'],
    ],
    [
      'mail goes to the pod itself',
      { mail: { kind: 'smtp', host: 'localhost', from: 'a@acme.example' } },
      ['gatewright:mail.host'],
    ],
    [
      'the login host is one of this machine',
      { url: 'http://login.gw.localhost:8400' },
      ['gatewright:url use https: nobody reaches a pod here'],
    ],
    [
      'a brand’s login host is one of this machine',
      { url: undefined, brands: { acme: { url: 'http://login.gw.localhost:8400', name: 'Acme' } } },
      ['gatewright:brands.acme.url use https: nobody reaches a pod here'],
    ],
    [
      'an app is the pod itself',
      {
        routes: {
          wiki: {
            from: 'https://wiki.acme.example',
            to: ['http://wiki.tools.svc', 'http://127.0.0.1:3000'],
            allow: 'true',
          },
        },
      },
      ['gatewright:routes.wiki.to[1] is the pod itself there: name a service'],
    ],
    [
      'a route is one of this machine, and so is its app',
      { routes: { wiki: { from: 'http://wiki.gw.localhost:8400', to: 'http://127.0.0.1:3000', allow: 'true' } } },
      [
        'gatewright:routes.wiki.from use https: nobody reaches a pod here',
        'gatewright:routes.wiki.to is the pod itself there: name a service',
      ],
    ],
    [
      'the sample app is asked for',
      { sampleApp: { route: 'wiki' } },
      ['gatewright:routes.wiki.to the sample app runs here', 'gatewright:sampleApp it would run on this machine'],
    ],
  ])('is refused where %s', (_, more, expected) => {
    const found = mistakes(stackInput({}, more))
    expect(found).toHaveLength(expected.length)
    expected.forEach((mistake, index) => expect(found[index]).toContain(mistake))
  })
})

describe('a cluster', () => {
  it('may be said by context and kubeconfig, which is secret', async () => {
    const { cluster } = stackOf({}, { cluster: { context: 'prod', kubeconfig: 'apiVersion: v1' } })
    expect(cluster?.context).toBe('prod')
    expect(JSON.stringify(cluster)).not.toContain('apiVersion')
    expect(mistakes(stackInput({}, { cluster: { kubeconfig: { env: 'NO_SUCH_VARIABLE' } } }))).toEqual([
      expect.stringContaining('the environment variable NO_SUCH_VARIABLE is not set'),
    ])
  })
})
