import { describe, expect, it } from 'vitest'

import type { Properties } from '../../infra/provider/properties.ts'
import { differences } from '../support/plugins/kubernetes/differences.ts'
import { needsDeletionFirst } from '../support/plugins/kubernetes/messages.ts'
import { named } from '../support/plugins/kubernetes/naming.ts'
import { normalize, prune } from '../support/plugins/kubernetes/normalize.ts'

const MUTABLE = { configMaps: true, secrets: true }
const IMMUTABLE = { configMaps: false, secrets: false }

function object(kind: string, rest: Properties, metadata: Properties = { name: 'a', namespace: 'b' }): Properties {
  return { apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, metadata, ...rest }
}

/** Paths of what differs, with ! where another object is needed. */
function paths(live: Properties, former: Properties, inputs: Properties, mutability = MUTABLE): string[] {
  const [before, after] = [normalize(former), normalize(inputs)]
  return differences(prune(live, before), before, after, mutability).map(
    ({ path, replaces }) => path.join('.') + (replaces ? '!' : ''),
  )
}

describe('the stand-in for the plugin of Kubernetes', () => {
  it('sees nothing in what the API server adds, and in another spelling of an amount', () => {
    const inputs = object('Deployment', {
      spec: {
        paused: false,
        template: { spec: { containers: [{ resources: { limits: { cpu: '1000m', memory: '1024Mi' } } }] } },
      },
    })
    const limits = { cpu: '1', memory: '1Gi' }
    const live = object(
      'Deployment',
      {
        spec: {
          replicas: 1,
          template: { spec: { containers: [{ resources: { limits }, terminationMessagePath: '/x' }] } },
        },
        status: { replicas: 1 },
      },
      { name: 'a', namespace: 'b', uid: '1', managedFields: [{ manager: 'x' }] },
    )
    expect(paths(live, inputs, inputs)).toEqual([])
  })

  it('sees what somebody changed by hand, and what the program no longer says', () => {
    const former = object('ConfigMap', { data: { one: '1', two: '2' } })
    const live = object('ConfigMap', { data: { one: 'evil', two: '2', three: '3' } })
    expect(paths(live, former, former)).toEqual(['data.one'])
    expect(paths(live, former, object('ConfigMap', { data: { one: 'evil' } }))).toEqual(['data.two'])
  })

  it('sees a field that is new, be it empty', () => {
    const former = object('Deployment', { spec: { template: { spec: {} } } })
    const inputs = object('Deployment', { spec: { template: { spec: { automountServiceAccountToken: false } } } })
    expect(paths(former, former, inputs)).toEqual(['spec.template.spec.automountServiceAccountToken'])
  })

  it('replaces ConfigMaps and Secrets that are not said to be mutable, or are immutable', () => {
    const [one, two] = ['1', '2'].map((value) => object('ConfigMap', { data: { value } })) as [Properties, Properties]
    expect(paths(one, one, two)).toEqual(['data.value'])
    expect(paths(one, one, two, IMMUTABLE)).toEqual(['data.value!'])
    expect(paths(one, one, { ...two, immutable: true })).toEqual(['data.value!', 'immutable'])
  })

  it('replaces an object of another name, and one whose selector changes', () => {
    const former = object('Deployment', { spec: { selector: { matchLabels: { app: 'x' } } } })
    const moved = object('Deployment', { spec: { selector: { matchLabels: { app: 'y' } } } })
    expect(paths(former, former, moved)).toEqual(['spec.selector.matchLabels.app!'])
    expect(paths(former, former, { ...former, metadata: { name: 'c', namespace: 'b' } })).toEqual(['metadata.name!'])
  })

  it('deletes first only what keeps a name that the program chose', () => {
    const former = object('ConfigMap', { data: { value: '1' } })
    const changes = differences(former, former, object('ConfigMap', { data: { value: '2' } }), IMMUTABLE)
    expect(needsDeletionFirst(changes, former, former)).toBe(true)
    const other = object('ConfigMap', {}, { name: 'other', namespace: 'b' })
    expect(needsDeletionFirst(changes, former, other)).toBe(false)
    const automatic = object(
      'ConfigMap',
      {},
      { ...(former['metadata'] as Properties), annotations: { 'pulumi.com/autonamed': 'true' } },
    )
    expect(needsDeletionFirst(changes, former, automatic)).toBe(false)
  })

  it('names what has no name, the same for the same seed, and keeps it', () => {
    const seed = new Uint8Array([1, 2, 3])
    const first = named(object('Secret', {}, {}), {}, 'token', seed)
    expect(first['metadata']).toMatchObject({ name: expect.stringMatching(/^token-[0-9a-f]{8}$/) })
    expect(named(object('Secret', {}, {}), {}, 'token', seed)).toEqual(first)
    expect(named(object('Secret', {}, {}), first, 'token', new Uint8Array([4]))).toEqual(first)
  })

  it('writes the texts of a Secret as its data', () => {
    const secret = normalize(object('Secret', { stringData: { a: 'x' }, data: { b: 'eQ==' } }))
    expect(secret).toMatchObject({ data: { a: 'eA==', b: 'eQ==' } })
    expect(secret).not.toHaveProperty('stringData')
  })
})
