import { Agent, fetch, type Response } from 'undici'

import { ApiError } from './error.ts'

const ANSWER_MS = 30_000

/** Where an API server is, and who asks. */
export interface Credentials {
  /** `https://127.0.0.1:port` */
  server: string
  /** Bearer token. */
  token: string
  /** The server's certificate, PEM. */
  certificate: string
}

/** Requests to one API server, as JSON. */
export interface Connection {
  /**
   * @param body sent as JSON, of the type `type`
   * @throws ApiError when the answer is not a success
   */
  request(method: string, path: string, body?: unknown, type?: string): Promise<unknown>
  /** The answer's lines while they come, until the server or `signal` ends it. */
  lines(path: string, signal: AbortSignal): AsyncIterable<string>
  close(): Promise<void>
}

/** Opens a connection; nothing is sent yet. */
export function openConnection({ server, token, certificate }: Credentials): Connection {
  // Watches last for minutes without a byte, and would take up the streams of one connection.
  const dispatcher = new Agent({ connect: { ca: certificate }, bodyTimeout: 0, allowH2: false })
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  return {
    async request(method, path, body, type = 'application/json') {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await fetch(`${server}${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': type },
        ...sent,
        dispatcher,
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      return read(`${method} ${path}`, answer)
    },
    async *lines(path, signal) {
      const answer = await fetch(`${server}${path}`, { headers, dispatcher, signal })
      if (!answer.ok) await read(`GET ${path}`, answer)
      if (answer.body === null) return
      let rest = ''
      const decoder = new TextDecoder()
      for await (const chunk of answer.body) {
        const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        yield* lines
      }
    },
    close: () => dispatcher.destroy(),
  }
}

async function read(what: string, answer: Response): Promise<unknown> {
  const text = await answer.text()
  const body: unknown = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
  if (!answer.ok) throw new ApiError(what, answer.status, typeof body === 'string' ? { message: body } : body)
  return body
}
