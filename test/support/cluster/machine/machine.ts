import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { ApiClient, KubeObject, Manifest } from '../api/index.ts'
import { createNetwork, type Network } from '../network/index.ts'
import { type Agent, standardClass, startAgent } from '../node/index.ts'
import { type ServiceRelays, serviceRelays } from '../services/index.ts'
import { DEFINITIONS } from '../toolchain.ts'
import type { MachineCalls, MachineOptions } from './calls.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'

const ESTABLISHED_POLL_MS = 50

/** The process that holds a cluster. */
export interface Machine {
  calls: MachineCalls
  /** Takes the cluster's network off the host; the kernel would do it some time after the process has ended. */
  removeLinks(): void
}

interface Parts {
  control: ControlPlane
  agent: Agent
  relays: ServiceRelays
}

/** @param folder for everything that is written; gone with the process */
export function createMachine(folder: string): Machine {
  let network: Network | undefined
  let started: Parts | undefined
  const parts = (): Parts => {
    if (started === undefined) throw new Error('the cluster has not started')
    return started
  }

  async function start(options: MachineOptions): Promise<Parts> {
    const { binaries, etcd, ports, nodes, outside, names, images } = options
    const [laid, control] = await Promise.all([
      createNetwork(),
      startControlPlane({ binaries, etcd, ports, folder: `${folder}/control-plane` }),
    ])
    network = laid
    const { api } = control
    const agent = startAgent({ api, network, folder, nodes, outside, names, images })
    await Promise.all([agent, api.apply(standardClass), define(api, binaries)])
    started = { control, agent: await agent, relays: serviceRelays(api) }
    return started
  }
  return {
    calls: {
      async start(options) {
        const { control } = await start(options)
        return { kubeconfig: control.kubeconfig, credentials: control.credentials }
      },
      serviceAddress: (service) => parts().relays.open(service),
      closeAddress: async (port) => parts().relays.close(port),
      addOutside: (outside) => parts().agent.addOutside(outside),
      logs: async (pod) => parts().agent.log(pod),
      killPod: (pod) => parts().agent.kill(pod),
      programLog: async (name) =>
        parts()
          .control.programs.find((program) => program.name === name)
          ?.tail() ?? '',
    },
    removeLinks: () => network?.remove(),
  }
}

/** Makes the custom resources known, and waits until the server takes objects of them. */
async function define(api: ApiClient, binaries: string): Promise<void> {
  const manifests = JSON.parse(await readFile(join(binaries, DEFINITIONS), 'utf8')) as Manifest[]
  await Promise.all(
    manifests.map(async (manifest) => {
      await api.apply(manifest)
      const path = await api.pathOf(manifest)
      while (!isEstablished(await api.get(path))) await delay(ESTABLISHED_POLL_MS)
    }),
  )
}

function isEstablished({ status }: KubeObject): boolean {
  // Null until somebody has looked at it.
  const { conditions } = (status ?? {}) as { conditions?: { type: string; status: string }[] | null }
  return (conditions ?? []).some((each) => each.type === 'Established' && each.status === 'True')
}
