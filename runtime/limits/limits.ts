import type { RuntimeConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { digest } from '../sessions/index.ts'
import type { HandOver, Store } from '../store/index.ts'
import { type Client, countingKey, createClientAddresses } from './client-address.ts'

const MINUTE_MS = 60_000
const LOOP_MS = 20_000

/** How many of each there may be in a minute. */
export const PER_MINUTE = {
  /** Begun sign-ins of one address. */
  signIn: 120,
  /** Answers of identity providers that one address brings. */
  callback: 120,
  /** Codes that one address shows: of hand-overs and of the CLI sign-in. */
  code: 120,
  /** Sign-ins of one account. */
  account: 30,
  /** Forms of one address that are kept over a sign-in. */
  keptBody: 30,
  /** Kept forms of everybody: with 64 KiB each and ten minutes of life, what bounds their place in the store. */
  keptBodies: 120,
} as const

/**
 * Hand-overs of one session to one app in twenty seconds. A round takes three redirects and browsers give up after twenty,
 * with a page that explains nothing: so it has to be fewer than seven.
 */
export const HAND_OVERS_UNTIL_LOOP = 5

/** What counting looks at. */
type Counted = Pick<Client, 'address' | 'shared'>

/** What is counted, over all replicas; a store that cannot count lets nobody through, by its own error. */
export interface Limits {
  /** Who asks, by the peer and the proxies that we trust. */
  clientOf: ReturnType<typeof createClientAddresses>
  /** @throws Refusal `rate_limited` */
  signIn(client: Counted): Promise<void>
  /** @throws Refusal `rate_limited` */
  callback(client: Counted): Promise<void>
  /** @throws Refusal `rate_limited` */
  code(client: Counted): Promise<void>
  /** @throws Refusal `rate_limited` */
  account(issuer: string, subject: string): Promise<void>
  /** Whether one more form may be kept: nobody is refused for it, there is a page that asks to send it again. */
  mayKeepBody(client: Counted): Promise<boolean>
  /**
   * Tells a browser that goes round and round, always to one address, from tabs that are opened at once.
   * @throws Refusal `sign_in_loop`
   */
  handOverLoop(handOver: Pick<HandOver, 'parentId' | 'origin' | 'bindingHash' | 'returnTo'>): Promise<void>
}

/** @param now milliseconds since 1970; windows begin at whole multiples of their length */
export function createLimits(
  store: Pick<Store, 'countEvent'>,
  { trustedProxies }: Pick<RuntimeConfig, 'trustedProxies'>,
  now: () => number = Date.now,
): Limits {
  const exceeds = async (key: string, windowMs: number, limit: number): Promise<boolean> =>
    (await store.countEvent(`rate:${key}`, windowMs, now())) > limit

  const limited = async (kind: 'signIn' | 'callback' | 'code' | 'account', key: string): Promise<void> => {
    if (!(await exceeds(`${kind}:${key}`, MINUTE_MS, PER_MINUTE[kind]))) return
    const retryAfterSeconds = Math.ceil((MINUTE_MS - (now() % MINUTE_MS)) / 1_000)
    throw new Refusal('rate_limited', `more than ${PER_MINUTE[kind]} a minute of kind ${kind}`, { retryAfterSeconds })
  }
  const byAddress =
    (kind: 'signIn' | 'callback' | 'code') =>
    async ({ address, shared }: Counted): Promise<void> => {
      // Everybody behind that proxy would be one: the first of them who sign in would lock the others out.
      if (!shared) await limited(kind, countingKey(address))
    }

  return {
    clientOf: createClientAddresses(trustedProxies),
    signIn: byAddress('signIn'),
    callback: byAddress('callback'),
    code: byAddress('code'),
    account: (issuer, subject) => limited('account', digest(JSON.stringify([issuer, subject]))),
    async mayKeepBody({ address, shared }) {
      if (!shared && (await exceeds(`keptBody:${countingKey(address)}`, MINUTE_MS, PER_MINUTE.keptBody))) return false
      return !(await exceeds('keptBodies', MINUTE_MS, PER_MINUTE.keptBodies))
    },
    async handOverLoop({ parentId, origin, bindingHash, returnTo }) {
      const key = `loop:${digest(JSON.stringify([parentId, origin, bindingHash, returnTo]))}`
      if (!(await exceeds(key, LOOP_MS, HAND_OVERS_UNTIL_LOOP))) return
      const reason = `more than ${HAND_OVERS_UNTIL_LOOP} hand-overs to ${origin} in ${LOOP_MS / 1_000} s`
      throw new Refusal('sign_in_loop', reason, { retry: returnTo })
    },
  }
}
