import { describe, expect, it } from 'vitest'

import { renderEnvironment, renderUnit, unitName } from '../../../../infra/provider/systemd/index.ts'
import { haveOneOwner } from '../../../../infra/provider/systemd/unit-file.ts'

const plan = {
  unit: 'gatewright-production',
  owner: 'project gatewright, stack production',
  description: 'Gatewright (production)',
  fixed: ['workers: 4'],
  user: 'gatewright',
  folder: '/var/lib/gatewright/production/gateway',
  command: ['/opt/gatewright/production/gateway/node', '/opt/gatewright/production/gateway/gateway.mjs'],
  ports: [8443, 8401],
}
const valueOf = (unit: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]

describe('a unit', () => {
  it('may take a port below 1024, and nothing else, only where it has one', () => {
    for (const name of ['AmbientCapabilities', 'CapabilityBoundingSet']) {
      expect(valueOf(renderUnit(plan), name)).toBe('')
      expect(valueOf(renderUnit({ ...plan, ports: [443, 8401] }), name)).toBe('CAP_NET_BIND_SERVICE')
    }
  })

  it('writes below its data only', () => {
    expect(valueOf(renderUnit(plan), 'ReadWritePaths')).toBe('/var/lib/gatewright/production/gateway/data')
    expect(valueOf(renderUnit(plan), 'ProtectSystem')).toBe('strict')
  })

  it.each([
    ['/srv/two words', '"/srv/two words"'],
    ['/srv/100%', '/srv/100%%'],
    ['/srv/$HOME', '/srv/$$HOME'],
    ['/srv/"quoted"\\', '"/srv/\\"quoted\\"\\\\"'],
  ])('names %s so that systemd reads that very path', (path, written) => {
    expect(valueOf(renderUnit({ ...plan, command: [path] }), 'ExecStart')).toBe(`${written} --folder ${plan.folder}`)
  })

  it('says whose it is, whatever else is changed in it', () => {
    const unit = renderUnit(plan)
    expect(haveOneOwner(unit, renderUnit({ ...plan, fixed: ['workers: 8'] }))).toBe(true)
    expect(haveOneOwner(unit, renderUnit({ ...plan, owner: 'project other, stack production' }))).toBe(false)
  })

  it('is called after its stack, and after its gateway where there are several', () => {
    expect([unitName('production'), unitName('production', 'partners')]).toEqual([
      'gatewright-production',
      'gatewright-production-partners',
    ])
  })
})

describe('an environment', () => {
  it('is the same whatever order it was written in', () => {
    expect(renderEnvironment({ B: '2', A: '1' })).toBe(renderEnvironment({ A: '1', B: '2' }))
  })

  it('keeps what systemd would replace', () => {
    expect(renderEnvironment({ A: 'say "$x" `y` \\z' })).toContain('A="say \\"\\$x\\" \\`y\\` \\\\z"\n')
  })
})
