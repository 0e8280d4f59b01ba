import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'

import { follow, type Informer, type openApi } from '../api/index.ts'
import type { RelayAddress } from '../machine/calls.ts'
import { relay } from '../network/index.ts'
import { portNameOf, targetsOf } from './endpoints.ts'

/** What kube-proxy is on a node, for clients on this machine: addresses of Services on loopback. */
export interface ServiceRelays {
  open(service: { namespace: string; name: string; port: number | string }): Promise<RelayAddress>
  close(port: number): void
}

export function serviceRelays(api: ReturnType<typeof openApi>): ServiceRelays {
  const open = new Map<number, { server: Server; slices: Informer }>()
  return {
    async open({ namespace, name, port }) {
      const service = await api.get(`/api/v1/namespaces/${namespace}/services/${name}`)
      const portName = portNameOf(service, port)
      const collection = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`
      const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`)
      const slices = follow(api.connection, `${collection}?labelSelector=${selector}`, ignore)
      await slices.synced
      let turn = 0
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        const targets = targetsOf(slices.all(), portName)
        const target = targets[turn % targets.length]
        turn += 1
        // Without an endpoint kube-proxy refuses.
        if (target === undefined) socket.resetAndDestroy()
        else relay(socket, target)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address() as AddressInfo
      open.set(address.port, { server, slices })
      return { host: '127.0.0.1', port: address.port }
    },
    close(port) {
      const found = open.get(port)
      open.delete(port)
      found?.slices.close()
      found?.server.close()
    },
  }
}

function ignore(): void {
  // Read when a connection comes.
}
