import type { ChildProcess } from 'node:child_process'

import type { Credentials } from '../api/index.ts'

/** What the machine is to be made of. */
export interface MachineOptions {
  /** Folder with the programs of the control plane, and the definitions of custom resources. */
  binaries: string
  etcd: string
  ports: readonly [number, number, number]
  nodes: number
  outside: readonly Outside[]
  names: Readonly<Record<string, string>>
  images: Readonly<Record<string, Image>>
}

/** A port of this machine's loopback that pods have on theirs. */
export interface Outside {
  /** In the pod: 127.0.0.1:port. */
  port: number
  /** On the host: 127.0.0.1:to. Default: the same. */
  to?: number
}

/** An image beyond a stock Node: that, with files added, and with what its Dockerfile would say. */
export interface Image {
  /** Path in the image → file or folder of this machine. */
  files?: Readonly<Record<string, string>>
  entrypoint?: readonly string[]
  command?: readonly string[]
  workingDir?: string
  /** Numeric: `1000` or `1000:1000`. */
  user?: string
  /** Added to the stock image's. */
  env?: Readonly<Record<string, string>>
}

/** What the test's process asks the machine for; each call has one argument and one answer. */
export interface MachineCalls {
  start(options: MachineOptions): Promise<{ kubeconfig: string; credentials: Credentials }>
  serviceAddress(service: { namespace: string; name: string; port: number | string }): Promise<RelayAddress>
  closeAddress(port: number): Promise<void>
  addOutside(outside: Outside): Promise<void>
  logs(pod: PodName): Promise<string>
  killPod(pod: PodName): Promise<void>
  /** The end of what a program of the control plane said. */
  programLog(name: string): Promise<string>
}

export interface PodName {
  namespace: string
  name: string
}

export interface RelayAddress {
  host: string
  port: number
}

type Name = keyof MachineCalls
type Argument<N extends Name> = Parameters<MachineCalls[N]>[0]
type Answer<N extends Name> = Awaited<ReturnType<MachineCalls[N]>>

interface Question {
  id: number
  name: Name
  argument: unknown
}

interface Reply {
  id: number
  value?: unknown
  error?: string
}

/** Answers the questions of the process that started this one. */
export function answerCalls(calls: MachineCalls): void {
  process.on('message', (message) => {
    const { id, name, argument } = message as Question
    const call = calls[name] as (argument: unknown) => Promise<unknown>
    const reply = (rest: Omit<Reply, 'id'>): void => {
      process.send?.({ id, ...rest } satisfies Reply)
    }
    call(argument).then(
      (value) => reply({ value }),
      (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
    )
  })
}

/** Asks, and waits for the answer. */
export type Calls = <N extends Name>(name: N, argument: Argument<N>) => Promise<Answer<N>>

/**
 * Asks a machine.
 * @returns a function that asks and waits; it throws Error with the machine's words, or `why()` when the machine has ended
 */
export function callsTo(child: ChildProcess, why: () => string): Calls {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0
  let over = false
  child.on('message', (message) => {
    const { id, value, error } = message as Reply
    if (error === undefined) waiting.get(id)?.resolve(value)
    else waiting.get(id)?.reject(new Error(error))
    waiting.delete(id)
  })
  const end = (): void => {
    over = true
    for (const { reject } of waiting.values()) reject(new Error(`The cluster's machine has ended. ${why()}`))
    waiting.clear()
  }
  child.once('exit', end)
  child.once('error', end)
  return async <N extends Name>(name: N, argument: Argument<N>): Promise<Answer<N>> => {
    if (over) throw new Error(`The cluster's machine has ended. ${why()}`)
    last += 1
    const question: Question = { id: last, name, argument }
    const answer = Promise.withResolvers<unknown>()
    waiting.set(last, answer)
    child.send(question)
    return (await answer.promise) as Answer<N>
  }
}
