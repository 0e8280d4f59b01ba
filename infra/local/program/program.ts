import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Logger } from 'pino'

import { errorPage, layout, pageHeaders, plainLook } from '../../../runtime/pages/index.ts'
import {
  answerReadiness,
  oneLine,
  type Program,
  type ProgramContext,
  runProgram,
} from '../../../runtime/program/index.ts'
import type { Release } from '../../../runtime/release.ts'
import type { LoopbackAddress } from './address.ts'
import { type Listener, openListener } from './listener.ts'

/** What a program of the local stack is given when it starts. */
export interface LocalProgramContext extends ProgramContext {
  /** Aborts when the program is asked to stop: answers that would go on for long end then. */
  draining: AbortSignal
}

/** One release, ready to serve. */
export interface LocalRelease {
  listen: LoopbackAddress
  /** Answers every request but `GET /ready`; what it throws is logged and answered with a page and 500. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>
}

export interface LocalProgram {
  /** Checks a release and prepares to serve it, without effect on the one in force. Throws as `Program.apply` does. */
  load(release: Release): Promise<LocalRelease>
  /** Called once nothing is served any more. */
  close?(): void
}

/**
 * Runs a program that is one HTTP server, with its readiness at `/ready` whatever the host.
 * @param name stands in every log line
 */
export function runLocalProgram(
  name: string,
  start: (context: LocalProgramContext) => Promise<LocalProgram>,
): Promise<void> {
  return runProgram(name, async (context) => {
    const stop = new AbortController()
    return serve(await start({ ...context, draining: stop.signal }), context, stop)
  })
}

function serve(program: LocalProgram, { log, readiness }: ProgramContext, stop: AbortController): Program {
  let current: LocalRelease | undefined
  let listener: Listener | undefined
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'GET' && request.url === '/ready') answerReadiness(readiness, response)
    else if (current) void answerRequest(current, request, response, log)
  }
  return {
    async apply(release) {
      const next = await program.load(release)
      // The new port is had before the old one is given up, so that a port in use leaves everything as it was.
      const moved = listener && isSameAddress(next.listen, listener.address) ? undefined : next.listen
      const opened = moved && (await openListener(moved, answer))
      current = next
      if (!opened) return
      void listener?.close()
      listener = opened
    },
    async drain() {
      stop.abort()
      await listener?.close()
      program.close?.()
    },
  }
}

async function answerRequest(
  current: LocalRelease,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): Promise<void> {
  try {
    await current.handle(request, response)
  } catch (error) {
    const requestId = randomUUID()
    log.error({ requestId, method: request.method, error: oneLine(error) }, 'Request failed')
    if (response.headersSent) {
      response.destroy()
      return
    }
    const look = plainLook('Gatewright')
    const content = errorPage(look, { title: 'Something went wrong', message: 'Try again in a moment.', requestId })
    response.writeHead(500, pageHeaders(look))
    response.end(layout(look, content))
  }
}

function isSameAddress(a: LoopbackAddress, b: LoopbackAddress): boolean {
  return a.host === b.host && a.port === b.port
}
