import { execFileSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

import { ip } from './ip.ts'

/** The cluster's network: a bridge that no one else sees, with a cable to this machine and one to each pod. */
export interface Network {
  /** This machine's address in it: the nodes'. */
  hostAddress: string
  /** A network namespace with an address of its own, which no pod had before. */
  addPod(): Promise<PodNetwork>
  remove(): void
}

export interface PodNetwork {
  /** A file that stands for the namespace (setns). */
  namespace: string
  address: string
  remove(): Promise<void>
}

const FABRIC = 'fabric'

/**
 * Lays the cables. The namespaces are held by mounts below /run/netns of this process's mount namespace, so that the
 * kernel takes all of them down with the process; the device on the host is one end of a cable into them.
 */
export async function createNetwork(): Promise<Network> {
  const device = `gw-${randomBytes(5).toString('hex')}`
  const prefix = freePrefix()
  const hostAddress = `${prefix}.255.254`
  mkdirSync('/run/netns', { recursive: true })
  await ip([], [`netns add ${FABRIC}`])
  await ip([], [`link add ${device} type veth peer name host netns ${FABRIC}`])
  await ip(['-n', FABRIC], ['link add bridge0 type bridge', 'link set host master bridge0 up', 'link set bridge0 up'])
  await ip([], [`address add ${hostAddress}/16 dev ${device}`, `link set ${device} up`])

  let pods = 0
  async function addPod(): Promise<PodNetwork> {
    pods += 1
    const number = pods
    const name = `pod${number}`
    const address = `${prefix}.${Math.floor(number / 250)}.${(number % 250) + 1}`
    await ip([], [`netns add ${name}`])
    const cable = `link add v${number} type veth peer name eth0 netns ${name}`
    await ip(['-n', FABRIC], [cable, `link set v${number} master bridge0 up`])
    await ip(['-n', name], [`address add ${address}/16 dev eth0`, 'link set eth0 up', 'link set lo up'])
    return { namespace: `/run/netns/${name}`, address, remove: () => ip([], [`netns delete ${name}`]) }
  }
  return {
    hostAddress,
    addPod,
    remove: () => void execFileSync('ip', ['link', 'delete', device], { stdio: 'ignore' }),
  }
}

/** Half of 10/8's networks are somebody's; one that this machine has no address in is picked by chance. */
function freePrefix(): string {
  const taken = new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address.split('.').slice(0, 2).join('.')),
  )
  for (;;) {
    const prefix = `10.${randomInt(64, 255)}`
    if (!taken.has(prefix)) return prefix
  }
}
