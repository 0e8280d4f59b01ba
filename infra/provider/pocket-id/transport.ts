import type { z } from 'zod'

import { ProviderError } from '../errors.ts'
import { refusal } from '../refusal.ts'
import { misfits, type Pause, restRequest, type RestAnswer, type RestRequest } from '../rest.ts'
import type { Administration } from './schema.ts'

/** One call of the administration API. */
export interface Sent {
  method: RestRequest['method']
  /** Under `/api`. */
  path: string
  /** For an error: `change`. */
  doing: string
  body?: unknown
  /** Beside the key. */
  secrets?: readonly string[]
}

export interface Transport {
  /**
   * @returns the body of a good answer, or `gone` when Pocket ID itself says that there is no such thing
   * @throws ProviderError `vendor_refused`, `unreachable`
   */
  send: (sent: Sent) => Promise<{ body: unknown } | 'gone'>
  /** The same for what has to be there, with the body as the schema has it. */
  demand: <Value>(sent: Sent, schema: z.ZodType<Value>) => Promise<Value>
  /** Holds a body against a schema: what does not fit is not from Pocket ID. */
  parse: <Value>(path: string, schema: z.ZodType<Value>, body: unknown) => Value
}

/**
 * @param signal ends every request
 * @param pause how to wait before a request is sent again; tests give one that does not
 */
export function openTransport({ url: origin, apiKey }: Administration, signal: AbortSignal, pause?: Pause): Transport {
  const urlOf = (path: string) => `${origin}/api${path}`

  async function send({ method, path, doing, body, secrets = [] }: Sent): Promise<{ body: unknown } | 'gone'> {
    const url = urlOf(path)
    const sensitive = [apiKey, ...secrets]
    const request = { method, url, headers: { 'x-api-key': apiKey }, body, signal, secrets: sensitive }
    const answer = await restRequest(request, pause)
    if (answer.status >= 200 && answer.status < 300) return { body: answer.body }
    if (saysGone(answer)) return 'gone'
    throw refusal(doing, url, answer, sensitive)
  }

  function parse<Value>(path: string, schema: z.ZodType<Value>, body: unknown): Value {
    const parsed = schema.safeParse(body)
    if (parsed.success) return parsed.data
    const fields = misfits(parsed.error)
    const text = `${urlOf(path).replace(/\?.*/, '')} answered with an unusable ${fields}: is that Pocket ID?`
    throw new ProviderError('unreachable', text)
  }

  async function demand<Value>(sent: Sent, schema: z.ZodType<Value>): Promise<Value> {
    const answer = await send(sent)
    if (answer !== 'gone') return parse(sent.path, schema, answer.body)
    throw refusal(sent.doing, urlOf(sent.path), { status: 404, body: { error: 'there is no such thing' } }, [])
  }

  return { send, demand, parse }
}

/**
 * Asks an address whether it has a client, and shows it no credential: it may be one that somebody merely proposes.
 * @returns `unclear` when the answer is not Pocket ID's
 */
export async function isKnownAt(
  origin: string,
  clientId: string,
  signal: AbortSignal,
  pause?: Pause,
): Promise<'yes' | 'no' | 'unclear'> {
  const url = `${origin}/api/oidc/clients/${encodeURIComponent(clientId)}/meta`
  try {
    const answer = await restRequest({ method: 'GET', url, headers: {}, signal, secrets: [] }, pause)
    if (answer.status === 200) return 'yes'
    return saysGone(answer) ? 'no' : 'unclear'
  } catch (error) {
    if (error instanceof ProviderError) return 'unclear'
    throw error
  }
}

/** A 404 in Pocket ID's own words for a record; one of a proxy, or for an unknown path, says nothing about the client. */
function saysGone({ status, body }: RestAnswer): boolean {
  if (status !== 404) return false
  const { code, error } = (body ?? {}) as { code?: unknown; error?: unknown }
  // The code since 2.13, the words before.
  return code === 'not_found' || error === 'Record not found'
}
