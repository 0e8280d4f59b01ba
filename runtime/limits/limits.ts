import type { RuntimeConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { digest } from '../sessions/index.ts'
import type { HandOver, IdentityKey, Store } from '../store/index.ts'
import { type Client, countingKey, createClientAddresses } from './client-address.ts'
import { createPace, type Pace, type PaceBounds } from './pace.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
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
  /** Passwords and passkeys that one address tries, of whatever accounts. */
  credential: 30,
  /** Forms of one address that are kept over a sign-in. */
  keptBody: 30,
  /** Kept forms of everybody: with 64 KiB each and ten minutes of life, what bounds their place in the store. */
  keptBodies: 120,
} as const

/** How many mails in an hour: of one kind to one address, about one account, and asked for from one place. */
export const MAILS_PER_HOUR = { recipient: 6, account: 12, client: 30 } as const

/**
 * Attempts at one account's password from one place, in windows of so many seconds. Who goes on guessing waits longer and longer, a quarter
 * of an hour at most; nobody is locked out by what others do elsewhere.
 */
export const PASSWORD_ATTEMPTS = [
  { seconds: 60, attempts: 5 },
  { seconds: 300, attempts: 10 },
  { seconds: 900, attempts: 20 },
] as const

/**
 * Attempts at one account's password from everywhere together, in a window of so many seconds: above that each has to wait for its turn,
 * the right password too. Somebody with many addresses gets no further than two guesses a second, and nobody is locked out.
 */
export const PASSWORD_ATTEMPTS_OF_ALL = { seconds: 900, attempts: 50 } as const

/** The turns of those attempts, at each process. */
const PASSWORD_PACE: PaceBounds = { waitMs: 1_000, everyMs: 500, longestMs: 15_000, waiting: 1_000 }

/**
 * Hand-overs of one session to one app in twenty seconds. A round takes three redirects and browsers give up after twenty,
 * with a page that explains nothing: so it has to be fewer than seven.
 */
export const HAND_OVERS_UNTIL_LOOP = 5

type ByMinute = 'signIn' | 'callback' | 'code' | 'account' | 'credential'

/** What counting looks at. */
export type Counted = Pick<Client, 'address' | 'shared'>

/**
 * A mail that somebody asks for, to `to`. Each kind is counted for itself, so that what anybody may ask for about an address does not use up
 * what its owner waits for.
 */
export type AskedMail = {
  client: Counted
  brand: string
  to: string
  accountId: string | undefined
} & (
  | { kind: 'password_reset' }
  | { kind: 'invitation' }
  /** Of who signed in: strangers who claim the same address have each their own. */
  | { kind: 'verify_email'; identity: IdentityKey }
)

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
  /** @throws Refusal `rate_limited` */
  credential(client: Counted): Promise<void>
  /**
   * Counts an attempt at a password, whether or not there is such an account, and resolves when it may be made. From an address that many
   * share, or that nobody knows, it is counted with all others alone, and never refused for what they did.
   * @param email as it was typed, or in its one spelling
   * @throws Refusal `rate_limited`; `busy` where too many wait for their turn
   */
  password(brand: string, email: string, client: Counted): Promise<void>
  /**
   * Counts a mail that somebody asks for. Notices of what has happened are not counted: they must come.
   * @throws Refusal `rate_limited`
   */
  mail(mail: AskedMail): Promise<void>
  /** Whether one more form may be kept: nobody is refused for it, there is a page that asks to send it again. */
  mayKeepBody(client: Counted): Promise<boolean>
  /**
   * Tells a browser that goes round and round, always to one address, from tabs that are opened at once.
   * @throws Refusal `sign_in_loop`
   */
  handOverLoop(handOver: Pick<HandOver, 'parentId' | 'origin' | 'bindingHash' | 'returnTo'>): Promise<void>
}

/**
 * @param now milliseconds since 1970; windows begin at whole multiples of their length
 * @param passwordPace of attempts at an account's password when there were many
 */
export function createLimits(
  store: Pick<Store, 'countEvent'>,
  { trustedProxies }: Pick<RuntimeConfig, 'trustedProxies'>,
  now: () => number = Date.now,
  passwordPace: Pace = createPace(PASSWORD_PACE),
): Limits {
  const exceeds = async (key: string, windowMs: number, limit: number): Promise<boolean> =>
    (await store.countEvent(`rate:${key}`, windowMs, now())) > limit

  const limited = async (kind: ByMinute, key: string): Promise<void> => {
    if (await exceeds(`${kind}:${key}`, MINUTE_MS, PER_MINUTE[kind])) {
      throw tooMany(`more than ${PER_MINUTE[kind]} a minute of kind ${kind}`, MINUTE_MS)
    }
  }
  const tooMany = (reason: string, windowMs: number): Refusal => {
    const retryAfterSeconds = Math.ceil((windowMs - (now() % windowMs)) / 1_000)
    return new Refusal('rate_limited', reason, { retryAfterSeconds })
  }
  const limitedMail = async (kind: keyof typeof MAILS_PER_HOUR, key: string): Promise<void> => {
    if (await exceeds(`mail:${kind}:${key}`, HOUR_MS, MAILS_PER_HOUR[kind])) {
      throw tooMany(`more than ${MAILS_PER_HOUR[kind]} mails an hour by ${kind}`, HOUR_MS)
    }
  }
  const limitedPassword = async (parts: readonly string[]): Promise<void> => {
    const key = `password:${digest(JSON.stringify(parts))}`
    // All are counted, so that the longer ones know of what the shorter ones refused; the longest wait is what counts.
    const exceeded = await Promise.all(
      PASSWORD_ATTEMPTS.map(({ seconds, attempts }) => exceeds(key, seconds * 1_000, attempts)),
    )
    const longest = PASSWORD_ATTEMPTS.findLast((_, index) => exceeded[index] === true)
    if (longest) throw tooMany('too many attempts at one password from one address', longest.seconds * 1_000)
  }
  const byAddress =
    (kind: Exclude<ByMinute, 'account'>) =>
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
    credential: byAddress('credential'),
    async password(brand, email, { address, shared }) {
      if (!shared) await limitedPassword([brand, email, countingKey(address)])
      const key = digest(JSON.stringify([brand, email]))
      const { seconds, attempts } = PASSWORD_ATTEMPTS_OF_ALL
      // Attempts and not failures: those that are under way at once must count too.
      if (await exceeds(`passwordOfAll:${key}`, seconds * 1_000, attempts)) await passwordPace.turn(key)
    },
    async mail(mail) {
      const { client, brand, to, accountId, kind } = mail
      if (!client.shared) await limitedMail('client', countingKey(client.address))
      if (accountId !== undefined) await limitedMail('account', accountId)
      const by = mail.kind === 'verify_email' ? [mail.identity.issuer, mail.identity.subject] : []
      await limitedMail('recipient', digest(JSON.stringify([brand, to, kind, ...by])))
    },
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
