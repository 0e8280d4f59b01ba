import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { refusal } from '../refusal.ts'
import { misfits, type Pause, restRequest, type RestAnswer, type RestRequest } from '../rest.ts'
import type { Administration } from './schema.ts'

/** One call of the integration API. */
export interface Sent {
  method: RestRequest['method']
  /** Under the API's base. */
  path: string
  /** For an error: `change`. */
  doing: string
  body?: unknown
  /** Beside the key. */
  secrets?: readonly string[]
}

export interface Transport {
  /**
   * @returns an answer, whatever its status, except those that {@link restRequest} makes an error of
   * @throws ProviderError `unreachable`
   */
  send: (sent: Sent) => Promise<RestAnswer>
  /**
   * Sends what has to succeed.
   * @returns the `data` of the answer
   * @throws ProviderError `vendor_refused`, `unreachable`
   */
  demand: <Value>(sent: Sent, schema: z.ZodType<Value>) => Promise<Value>
  /** The same of an answer that is there already. */
  accept: <Value>(sent: Sent, answer: RestAnswer, schema: z.ZodType<Value>) => Value
}

/** What stands around every answer. */
const envelope = z.looseObject({ success: z.literal(true), data: z.unknown() })

/**
 * @param signal ends every request
 * @param pause how to wait before a request is sent again; tests give one that does not
 */
export function openTransport({ api, apiKey }: Administration, signal: AbortSignal, pause?: Pause): Transport {
  const urlOf = (path: string) => `${api}${path}`

  function send({ method, path, body, secrets = [] }: Sent): Promise<RestAnswer> {
    const headers = { authorization: `Bearer ${apiKey}` }
    const sensitive = [apiKey, ...secrets]
    // PUT makes a new thing each time, and POST sets one.
    const isIdempotent = method !== 'PUT'
    return restRequest({ method, url: urlOf(path), headers, body, isIdempotent, signal, secrets: sensitive }, pause)
  }

  function accept<Value>({ doing, path, secrets = [] }: Sent, answer: RestAnswer, schema: z.ZodType<Value>): Value {
    if (answer.status < 200 || answer.status >= 300) throw refusal(doing, urlOf(path), answer, [apiKey, ...secrets])
    const wrapped = envelope.safeParse(answer.body)
    const parsed = wrapped.success ? schema.safeParse(wrapped.data.data) : wrapped
    if (parsed.success) return parsed.data
    const fields = misfits(parsed.error)
    const text = `${urlOf(path).replace(/\?.*/, '')} answered with an unusable ${fields}: is that the integration API of a Pangolin, with its version at the end (/v1)?`
    throw new ProviderError('unreachable', text)
  }

  return { send, accept, demand: async (sent, schema) => accept(sent, await send(sent), schema) }
}

/** A 404 in Pangolin's own words for an identity provider; one of a proxy, or for a wrong base, says nothing of it. */
export function saysGone({ status, body }: RestAnswer): boolean {
  const { success, message } = (body ?? {}) as { success?: unknown; message?: unknown }
  return status === 404 && success === false && typeof message === 'string' && /^idp not found/i.test(message)
}
