import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'

import { loopbackLookup } from '../../runtime/net/index.ts'

/** A program on somebody's machine that signs its person in as RFC 8252 says, with a real listener on loopback. */
export interface CommandLine {
  redirectUri: string
  verifier: string
  /** Where it sends its person's browser. */
  address(appOrigin: string, changed?: Record<string, string>): string
  /** What the browser brought to the listener so far, oldest first. */
  answers: URLSearchParams[]
  /** Shows what it was brought at the token endpoint. */
  redeem(appOrigin: string, changed?: Record<string, string>): Promise<ProgramAnswer>
  close(): Promise<void>
}

export interface ProgramAnswer {
  status: number
  headers: Record<string, unknown>
  text: string
  json: Record<string, unknown>
}

/** @param host of the listener */
export async function startCommandLine(host: '127.0.0.1' | '[::1]' = '127.0.0.1'): Promise<CommandLine> {
  const answers: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    // Browsers ask for an icon as well.
    if (pathname === '/done') answers.push(searchParams)
    response.setHeader('content-type', 'text/plain').end('You can close this window.')
  }).listen(0, host === '[::1]' ? '::1' : host)
  await once(server, 'listening')
  const address = server.address()
  const redirectUri = `http://${host}:${typeof address === 'object' ? address?.port : 0}/done`
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return {
    redirectUri,
    verifier,
    answers,
    address(appOrigin, changed = {}) {
      const parameters = { redirect_uri: redirectUri, state: 'the-state', code_challenge: challenge, ...changed }
      const query = new URLSearchParams({ code_challenge_method: 'S256', ...parameters })
      return `${appOrigin}/.gatewright/cli?${query.toString()}`
    },
    redeem(appOrigin, changed = {}) {
      const grant = {
        grant_type: 'authorization_code',
        code: answers.at(-1)?.get('code') ?? '',
        code_verifier: verifier,
      }
      const body = new URLSearchParams({ ...grant, redirect_uri: redirectUri, ...changed }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return askAsProgram(`${appOrigin}/.gatewright/cli/token`, { method: 'POST', headers, body })
    },
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

/** Sends one request as programs do: without cookies, without Sec-Fetch headers, following nothing. */
export async function askAsProgram(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<ProgramAnswer> {
  const outgoing = httpRequest(url, { method, headers, lookup: loopbackLookup, agent: false }).end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const answered = await text(response)
  const isJson = response.headers['content-type']?.includes('json') === true
  const json = isJson ? (JSON.parse(answered) as Record<string, unknown>) : {}
  return { status: response.statusCode ?? 0, headers: response.headers, text: answered, json }
}

/** The form of a confirmation page, as a browser would send it by a click on one of its buttons. */
export function formOf(page: string, decision: 'allow' | 'deny'): string {
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  const unescape = (value: string) =>
    value
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  const form = new URLSearchParams(fields.map(([, name = '', value = '']) => [unescape(name), unescape(value)]))
  form.set('decision', decision)
  return form.toString()
}
