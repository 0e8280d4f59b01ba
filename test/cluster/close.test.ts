import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { startCluster } from '../support/cluster/index.ts'
import { applyProgram, rolledOut, web } from './web.ts'

it('a closed cluster leaves no process, no link and no mount', async () => {
  const before = { links: links(), mounts: mounts() }
  const cluster = await startCluster()
  const { port } = new URL(/server: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? '')
  expect(processesWith(port).length).toBeGreaterThan(0)
  await applyProgram(cluster, 'demo')
  await cluster.api.apply(web('demo', { replicas: 1 }))
  await rolledOut(cluster, 'demo')
  const added = links().filter((name) => !before.links.includes(name))
  expect(added.length).toBeGreaterThan(0)
  await cluster.close()
  expect(links().filter((name) => added.includes(name))).toEqual([])
  expect(mounts()).toEqual(before.mounts)
  expect(processesWith(port)).toEqual([])
})

function links(): string[] {
  const all = JSON.parse(execFileSync('ip', ['-json', 'link'], { encoding: 'utf8' })) as { ifname: string }[]
  return all.map(({ ifname }) => ifname)
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
