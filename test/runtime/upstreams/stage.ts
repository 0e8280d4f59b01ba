import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { onTestFinished } from 'vitest'

import type { ForwardConfig } from '../../../runtime/config.ts'
import { createUpstreams, type Upstreams, type UpstreamsOptions } from '../../../runtime/upstreams/index.ts'
import { forwardTo } from '../../support/release.ts'
import { listen } from './listen.ts'

export interface LogLine {
  upstream: string
  why: string
  message: string
}

export interface TestUpstreams extends Upstreams {
  log: LogLine[]
  /** Settles with the next line. */
  nextLine(): Promise<LogLine>
}

/** Upstreams that are closed when the test has finished. */
export function openUpstreams(options: Partial<UpstreamsOptions> = {}): TestUpstreams {
  const log: LogLine[] = []
  const waiting: ((line: LogLine) => void)[] = []
  const write = (fields: { upstream: string; why: string }, message: string): void => {
    const line = { ...fields, message }
    log.push(line)
    for (const settle of waiting.splice(0)) settle(line)
  }
  const logger = { info: write, warn: write } as unknown as UpstreamsOptions['log']
  const upstreams = createUpstreams({ log: logger, ...options })
  onTestFinished(() => upstreams.close())
  return { ...upstreams, log, nextLine: () => new Promise((resolve) => waiting.push(resolve)) }
}

export function forward(upstreams: string[], changes: Partial<ForwardConfig> = {}): ForwardConfig {
  return { ...forwardTo(''), upstreams, ...changes }
}

/** For routes without a secret. */
export function noSecret(name: string): string {
  throw new Error(`the secret ${name} is missing or empty`)
}

export interface TestApp {
  origin: string
  requests: IncomingMessage[]
  server: Server
}

/** A real app over HTTP/1.1. */
export async function startApp(
  answer: RequestListener = (_request, response) => response.end('hello'),
): Promise<TestApp> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  return { origin: `http://${await listen(server)}`, requests, server }
}
