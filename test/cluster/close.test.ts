import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { startCluster } from '../support/cluster/index.ts'
import { applyProgram, rolledOut, web } from './web.ts'

it('a closed cluster leaves no process, no link and no mount', async () => {
  const before = mounts()
  const cluster = await startCluster()
  const { port } = new URL(/server: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? '')
  expect(processesWith(port).length).toBeGreaterThan(0)
  await applyProgram(cluster, 'demo')
  await cluster.api.apply(web('demo', { replicas: 1 }))
  await rolledOut(cluster, 'demo')
  const node = await cluster.api.get('/api/v1/nodes/node-1')
  const { addresses } = node['status'] as { addresses: { address: string }[] }
  const address = addresses[0]?.address ?? ''
  expect(linksWith(address)).toHaveLength(1)
  await cluster.close()
  expect(linksWith(address)).toEqual([])
  expect(mounts()).toEqual(before)
  expect(processesWith(port)).toEqual([])
})

/** The devices that have this address: the cluster's own one, since other tests have clusters at the same time. */
function linksWith(address: string): string[] {
  const text = execFileSync('ip', ['-json', 'address'], { encoding: 'utf8' })
  const all = JSON.parse(text) as { ifname: string; addr_info: { local: string }[] }[]
  return all.filter(({ addr_info: found }) => found.some(({ local }) => local === address)).map(({ ifname }) => ifname)
}

function mounts(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
}

/** Processes that were told the API server's port: itself, that is, whatever it may call itself. */
function processesWith(port: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).includes(`--secure-port=${port}`))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended since it was listed.
    return ''
  }
}
