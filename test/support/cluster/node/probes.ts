import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect } from 'node:net'

import type { Running } from './processes.ts'
import type { ContainerSpec, HttpGetSpec, ProbeSpec } from './spec.ts'

/** What is asked about a container. */
export interface Asked {
  container: ContainerSpec
  address: string
  running: Running
}

/**
 * Asks once.
 * @returns whether the answer is a success
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export async function ask(probe: ProbeSpec, { container, address, running }: Asked): Promise<boolean> {
  const timeoutMs = probe.timeoutSeconds * 1000
  if (probe.exec !== undefined) return (await running.execute(probe.exec.command, timeoutMs)) === 0
  if (probe.httpGet !== undefined) return succeeds(await get(probe.httpGet, container, address, timeoutMs))
  if (probe.tcpSocket !== undefined) return opens(address, portOf(probe.tcpSocket.port, container), timeoutMs)
  return false
}

/** @returns the status; undefined without an answer in time */
export function get(
  { path, port, scheme, httpHeaders = [] }: HttpGetSpec,
  container: ContainerSpec,
  address: string,
  timeoutMs: number,
): Promise<number | undefined> {
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]))
  const send = scheme === 'HTTPS' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const sent = send({
      host: address,
      port: portOf(port, container),
      path,
      headers: { 'user-agent': 'kube-probe/1.34', ...headers },
      agent: false,
      // The kubelet looks at no certificate either.
      rejectUnauthorized: false,
      signal: AbortSignal.timeout(timeoutMs),
    })
    sent.once('response', (response) => {
      response.resume()
      response.once('error', () => undefined)
      resolve(response.statusCode)
    })
    sent.once('error', () => resolve(undefined))
    sent.end()
  })
}

function succeeds(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 400
}

function opens(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: AbortSignal.timeout(timeoutMs) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** @throws Error when a container has no port of that name */
export function portOf(port: number | string, { name, ports }: ContainerSpec): number {
  if (typeof port === 'number') return port
  const found = ports.find((each) => each.name === port)
  if (found === undefined) throw new Error(`container ${name} has no port ${port}`)
  return found.containerPort
}
