import { createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWSHeaderParameters } from 'jose'

import { Refusal } from '../refusal.ts'
import { classify, FailedCheck } from './classify.ts'
import type { Transport } from './transport.ts'

/** How long a set is not asked for again, whatever keys tokens name: those can be made up by anybody. */
const COOL_DOWN_MS = 30_000
/** The same for a set that could not be had. */
const FAILURE_COOL_DOWN_MS = 5_000
/** How long a set is used before it is asked for anew. */
const MAX_AGE_MS = 300_000
/** What is held while the provider does not answer counts so much longer: a call that needs it may be under way already. */
const STALE_MS = 60_000

/** A provider's public keys (RFC 7517 §5), for all that checks signatures of it. */
export interface KeySource {
  /** Sees to it that a set is held, before a call whose answer would be lost without one. @throws Refusal */
  prepare(): Promise<void>
  /** The set as an answer of the provider: what openid-client takes for its own fetch. @throws Refusal */
  answer(): Promise<Response>
  /** The key that a token was signed by, for jose. @throws JOSEError when there is none, Refusal `provider_unreachable` */
  find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey>
  /** The keys of the set that is held. */
  held(): readonly Record<string, unknown>[]
}

interface KeySet {
  json: JSONWebKeySet
  find: ReturnType<typeof createLocalJWKSet>
  fetchedAt: number
}

/**
 * openid-client fetches a set for each of its configurations, and again for each of any number of tokens that come at once; this
 * fetches it once for all, and not again within the cool-down.
 * @param id of the provider, for messages
 * @param locate gives the address of the set
 * @param now the clock, in milliseconds since 1970
 */
export function createKeySource(
  id: string,
  transport: Transport,
  locate: () => Promise<string>,
  now: () => number = Date.now,
): KeySource {
  let latest: KeySet | undefined
  let failure: { error: unknown; at: number } | undefined
  let pending: Promise<KeySet> | undefined

  async function get(maxAgeMs: number): Promise<KeySet> {
    if (latest && now() - latest.fetchedAt < Math.max(maxAgeMs, COOL_DOWN_MS)) return latest
    if (failure && now() - failure.at < FAILURE_COOL_DOWN_MS) throw failure.error
    pending ??= fetchSet()
      .then(
        (json) => (latest = { json, find: createLocalJWKSet(json), fetchedAt: now() }),
        (error: unknown) => {
          failure = { error, at: now() }
          throw error
        },
      )
      .finally(() => (pending = undefined))
    return pending
  }

  async function fetchSet(): Promise<JSONWebKeySet> {
    const url = await locate()
    const headers = { accept: 'application/json, application/jwk-set+json' }
    const response = await transport(url, { headers, method: 'GET' }).catch((cause: unknown) => {
      throw classify(id, cause)
    })
    if (response.status !== 200) {
      throw new Refusal('provider_unreachable', `the address of ${id}’s keys answered HTTP ${response.status}`)
    }
    return readSet(await response.text())
  }

  function standIn(error: unknown): KeySet {
    if (latest && now() - latest.fetchedAt < MAX_AGE_MS + STALE_MS) return latest
    throw error
  }

  return {
    async prepare() {
      await get(MAX_AGE_MS)
    },
    answer: async () => Response.json((await get(0).catch(standIn)).json),
    async find(header, token) {
      const set = await get(MAX_AGE_MS)
      try {
        return await set.find(header, token)
      } catch (error) {
        const newer = error instanceof errors.JWKSNoMatchingKey ? await get(0) : set
        if (newer === set) throw error
        return newer.find(header, token)
      }
    },
    held: () => latest?.json.keys ?? [],
  }
}

function readSet(text: string): JSONWebKeySet {
  try {
    const json: unknown = JSON.parse(text)
    // Refuses what is no set of keys.
    createLocalJWKSet(json as JSONWebKeySet)
    return json as JSONWebKeySet
  } catch {
    throw new FailedCheck('provider_answer_invalid', 'its set of keys cannot be read')
  }
}
