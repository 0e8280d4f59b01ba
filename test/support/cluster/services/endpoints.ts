import type { KubeObject } from '../api/index.ts'

/** Where a connection may go. */
export interface Target {
  host: string
  port: number
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
interface Slice {
  ports: { name?: string; port: number }[]
  endpoints: { addresses: string[]; conditions: { ready?: boolean; serving?: boolean; terminating?: boolean } }[] | null
}

/**
 * The endpoints that a Service's connections go to: the ready ones; without any, those that still serve while they end,
 * as kube-proxy has it.
 * @param portName of the Service's port; empty for the only one
 */
export function targetsOf(slices: readonly KubeObject[], portName: string): Target[] {
  const all = slices.flatMap((slice) => {
    const { ports, endpoints } = slice as unknown as Slice
    const port = ports.find(({ name = '' }) => name === portName)?.port
    if (port === undefined) return []
    return (endpoints ?? []).map(({ addresses, conditions }) => ({ host: addresses[0] ?? '', port, conditions }))
  })
  const ready = all.filter(({ conditions }) => conditions.ready !== false)
  const serving = all.filter(({ conditions }) => conditions.serving === true && conditions.terminating === true)
  return (ready.length > 0 ? ready : serving).map(({ host, port }) => ({ host, port }))
}

/**
 * The name of a Service's port.
 * @throws Error when it has no such port
 */
export function portNameOf(service: KubeObject, port: number | string): string {
  const { ports } = service['spec'] as { ports: { name?: string; port: number }[] }
  const found = ports.find((each) => each.port === port || each.name === port)
  if (found === undefined) throw new Error(`service ${service.metadata.name} has no port ${port}`)
  return found.name ?? ''
}
