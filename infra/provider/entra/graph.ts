import { setTimeout as sleep } from 'node:timers/promises'

import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { foreignWords, refusal, withoutQuery } from '../refusal.ts'
import { misfits, type Pause, type RestAnswer, restRequest } from '../rest.ts'
import type { Administration } from './schema.ts'
import { openSession } from './session.ts'

/** How many pages of a list are read at most: 20,000 things at Graph's usual size. */
const MAX_PAGES = 200
/** The first wait for a replica that has not heard of a thing yet, in milliseconds; it doubles up to the last. */
const FIRST_WAIT_MS = 500
const LAST_WAIT_MS = 16_000

/** Microsoft Graph, for one administration and one operation. */
export interface Graph {
  url: string
  /** Object id of the service principal that we are in the tenant. */
  callerId: string
  /** @throws ProviderError `vendor_refused` for anything but a 200 or a 404 */
  read(path: string): Promise<unknown>
  /** All members of a collection, over its pages; undefined when what they are members of does not exist. */
  list(path: string): Promise<unknown[] | undefined>
  /**
   * Makes something out of what may have been made a moment ago: repeated while a replica does not know that yet.
   * @returns the last answer, of whatever status
   */
  make(path: string, body: unknown): Promise<RestAnswer>
  /** Sent once, apart from what `restRequest` repeats. */
  send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<RestAnswer>
  /** The error for an answer that refuses. */
  refused(doing: string, path: string, answer: RestAnswer): ProviderError
}

/** What `read` gives for a thing that does not exist. */
export const GONE = Symbol('gone')

/**
 * Opens Graph v1.0.
 * @param pause how to wait; tests give one that does not
 * @see https://learn.microsoft.com/en-us/graph/api/overview
 */
export async function openGraph(
  administration: Administration,
  signal: AbortSignal,
  pause: Pause = pauseFor,
): Promise<Graph> {
  const { graphUrl, accessToken, callerId } = await openSession(administration, pause)
  const url = `${graphUrl}/v1.0`
  const secrets = [accessToken, administration.clientSecret]
  const headers = { authorization: `Bearer ${accessToken}` }

  const ask = (method: 'GET' | 'POST' | 'DELETE', address: string, body?: unknown) =>
    restRequest({ method, url: address, headers, body, signal, secrets }, pause)
  const refused = (doing: string, path: string, answer: RestAnswer) => refusal(doing, url + path, answer, secrets)

  return {
    url,
    callerId,
    refused,
    send: (method, path, body) => ask(method, url + path, body),
    async read(path) {
      const answer = await ask('GET', url + path)
      if (answer.status === 404) return GONE
      if (answer.status !== 200) throw refused('read', path, answer)
      return answer.body
    },
    async list(path) {
      const found: unknown[] = []
      let next: string | undefined = url + path
      for (let pages = 0; next !== undefined; pages += 1) {
        if (pages === MAX_PAGES)
          throw new ProviderError('vendor_refused', `${url + path} has more than ${MAX_PAGES} pages`)
        const answer = await ask('GET', next)
        if (answer.status === 404) return undefined
        if (answer.status !== 200) throw refused('list', path, answer)
        const page = understand(pageSchema, answer.body, url + path)
        found.push(...page.value)
        next = samePlace(page['@odata.nextLink'], url)
      }
      return found
    },
    async make(path, body) {
      for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
        const answer = await ask('POST', url + path, body)
        if (!isBehind(answer, secrets) || wait > LAST_WAIT_MS) return answer
        await pause(wait, signal)
      }
    },
  }
}

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() })

/**
 * Holds what Graph said against what it is to say.
 * @param where the address that said it
 * @throws ProviderError `unreachable` when it is something else
 */
export function understand<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = misfits(parsed.error)
  throw new ProviderError(
    'unreachable',
    `${withoutQuery(where)} answered otherwise than Microsoft Graph does (${fields})`,
  )
}

/** The token goes to Graph alone, whatever a page says. */
function samePlace(link: string | undefined, url: string): string | undefined {
  if (link === undefined || URL.parse(link)?.origin === new URL(url).origin) return link
  throw new ProviderError('vendor_refused', `${url} continues a list at another address, which is not followed`)
}

/** 404, a conflict of two writes, or a reference to what the replica has not got. */
function isBehind(answer: RestAnswer, secrets: readonly unknown[]): boolean {
  if (answer.status === 404 || answer.status === 409) return true
  return answer.status === 400 && /not a valid reference update/i.test(foreignWords(answer.body, secrets))
}

/**
 * Looks again before something counts as gone: a replica may not know what was made a moment ago.
 * @returns undefined when it was not there the second time either
 */
export async function lookTwice<Thing>(
  look: () => Promise<Thing | undefined>,
  signal: AbortSignal,
  pause: Pause = pauseFor,
): Promise<Thing | undefined> {
  const found = await look()
  if (found !== undefined) return found
  await pause(FIRST_WAIT_MS * 4, signal)
  return look()
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal })
}
