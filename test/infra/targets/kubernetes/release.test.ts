import * as pulumi from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'

import { configManifest, requireFitting } from '../../../../infra/targets/kubernetes/config-map.ts'
import { configFiles, generationOf, revisionOf } from '../../../../infra/targets/kubernetes/release.ts'
import { secretManifest } from '../../../../infra/targets/kubernetes/secret.ts'
import { METADATA, OWNER } from './stack.ts'
import { settled } from './settled.ts'

type Config = Parameters<typeof configFiles>[0]

const REGISTRATIONS = { sso: [{ name: 'first', clientId: 'client-1' }] }

/** Enough of a configuration for what is written down of it. */
function config(more: object = {}): Config {
  const few = { version: 1, routes: { wiki: { to: 'http://wiki' }, docs: { to: 'http://docs' } }, list: ['b', 'a'] }
  return { ...few, registrations: REGISTRATIONS, serviceAccounts: {}, ...more } as unknown as Config
}

describe('the configuration', () => {
  it('has a line for each value and names in order, so that one change is one line', async () => {
    const files = await settled(configFiles(config()))
    expect(files).toEqual({
      'config.json': [
        '{',
        '  "list": [',
        '    "b",',
        '    "a"',
        '  ],',
        '  "routes": {',
        '    "docs": {',
        '      "to": "http://docs"',
        '    },',
        '    "wiki": {',
        '      "to": "http://wiki"',
        '    }',
        '  },',
        '  "version": 1',
        '}',
        '',
      ].join('\n'),
      'registrations.json': `${JSON.stringify({ sso: [{ clientId: 'client-1', name: 'first' }] }, undefined, 2)}\n`,
      'serviceAccounts.json': '{}\n',
    })
    const reordered = config({ routes: { docs: { to: 'http://docs' }, wiki: { to: 'http://wiki' } } })
    expect(await settled(configFiles(reordered))).toEqual(files)
  })

  it('is changed in place, under a name of its revision, with what it is called', async () => {
    const files = configFiles(config())
    const manifest = configManifest(OWNER, 'r1', files, generationOf(files, 'r1'))
    expect(await settled(manifest)).toEqual({
      metadata: { ...METADATA, name: 'gatewright-config-r1' },
      data: { ...(await settled(files)), generation: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
    })
  })

  it('is called otherwise for every change, and for another revision', async () => {
    const calls = [
      [config(), 'r1'],
      [config({ list: ['a', 'b'] }), 'r1'],
      [config({ registrations: {} }), 'r1'],
      [config(), 'r2'],
    ] as const
    const names = await Promise.all(
      calls.map(([value, revision]) => settled(generationOf(configFiles(value), revision))),
    )
    expect(new Set(names).size).toBe(4)
    expect(await settled(generationOf(configFiles(config()), 'r1'))).toBe(names[0])
  })

  it('that no ConfigMap takes is refused, with its size and what to do', () => {
    expect(requireFitting('config.json', '€'.repeat(349_525))).toHaveLength(349_525)
    expect(() => requireFitting('config.json', '€'.repeat(349_526))).toThrow(
      expect.objectContaining({
        code: 'config_too_large',
        message: expect.stringContaining('config.json has 1048578 bytes') as string,
      }),
    )
  })
})

describe('a revision', () => {
  const secrets = { 'sealing-key.k1': pulumi.secret('a-key'), 'client-secret.sso.first': 'a-secret' }
  const name = (...args: Parameters<typeof revisionOf>): Promise<string> => settled(revisionOf(...args))

  it('is another one for other secrets, clients or programs, and for nothing else', async () => {
    const first = await name(secrets, REGISTRATIONS, 'program-1')
    expect(first).toMatch(/^[0-9a-f]{12}$/)
    const others = await Promise.all([
      name({ ...secrets, 'sealing-key.k1': 'another' }, REGISTRATIONS, 'program-1'),
      name({ ...secrets, 'sealing-key.k2': 'a-key' }, REGISTRATIONS, 'program-1'),
      name(secrets, { sso: [{ name: 'first', clientId: pulumi.output('client-2') }] }, 'program-1'),
      name(secrets, REGISTRATIONS, 'program-2'),
    ])
    expect(new Set([first, ...others]).size).toBe(5)
    const turned = Object.fromEntries(Object.entries(secrets).toReversed())
    expect(await name(turned, { sso: pulumi.output(REGISTRATIONS.sso) }, pulumi.output('program-1'))).toBe(first)
  })

  it('is no secret, although it is made from secrets', async () => {
    expect(await pulumi.isSecret(revisionOf(secrets, REGISTRATIONS, 'program-1'))).toBe(false)
  })

  it('has a Secret of its own, which is never changed and whose values are secret', async () => {
    const manifest = secretManifest(OWNER, 'r1', secrets)
    expect(await settled(manifest)).toEqual({
      metadata: { ...METADATA, name: 'gatewright-secrets-r1' },
      type: 'Opaque',
      immutable: true,
      data: { 'sealing-key.k1': 'YS1rZXk=', 'client-secret.sso.first': 'YS1zZWNyZXQ=' },
    })
    const values = Object.values(manifest.data as Record<string, pulumi.Output<string>>)
    expect(await Promise.all(values.map((value) => pulumi.isSecret(value)))).toEqual([true, true])
  })
})
