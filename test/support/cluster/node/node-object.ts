/**
 * What a node says about itself: enough for any pod of a test, in a zone of its own.
 * @param address where the kubelet of a real one would be
 * @see https://kubernetes.io/docs/reference/node/node-status/
 */
export function nodeObject(name: string, index: number): object {
  const zone = `zone-${String.fromCharCode(97 + index)}`
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
        'topology.kubernetes.io/region': 'test',
        'topology.kubernetes.io/zone': zone,
      },
    },
  }
}

/** @param now ISO 8601 */
export function nodeStatus(name: string, address: string, now: string): object {
  const room = { cpu: '16', memory: '32Gi', pods: '110', 'ephemeral-storage': '100Gi' }
  const condition = (type: string, status: string, reason: string): object => ({
    type,
    status,
    reason,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  })
  return {
    capacity: room,
    allocatable: room,
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
      condition('Ready', 'True', 'KubeletReady'),
    ],
  }
}

/** @param now ISO 8601 with microseconds */
export function nodeLease(name: string, now: string): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now },
  }
}
