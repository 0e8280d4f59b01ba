import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

import { foldPassword, LONGEST_PASSWORD } from './password-policy.ts'
import { createWorkQueue, type QueueBounds } from './work-queue.ts'

/** Cost of argon2id: memory in KiB, passes over it, lanes. */
export interface HashCost {
  memoryKib: number
  passes: number
  lanes: number
}

/** Two of the libuv pool's four threads: names are still resolved and files read while passwords are hashed. */
const BOUNDS: QueueBounds = { atOnce: 2, waiting: 32, waitMs: 5_000 }

/** @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id */
const COST: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 }

/** More than we ever write: a row that somebody tampered with must not take the machine's memory. */
const MOST: HashCost = { memoryKib: 1_048_576, passes: 16, lanes: 16 }

const SALT_BYTES = 16
const HASH_BYTES = 32
const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z\d+/]{22})\$([A-Za-z\d+/]{43})$/

const derive = promisify(argon2)

/** `outdated`: right, and hashed at another cost than passwords are by now. */
export type PasswordCheck = 'wrong' | 'right' | 'outdated'

/** Hashing of passwords (argon2id, RFC 9106), a bounded amount at a time. Both take memory and time on purpose. */
export interface PasswordHasher {
  /** @returns a PHC string @throws Refusal `busy` */
  hash(password: string): Promise<string>
  /**
   * Does the same work whether or not there is a hash to compare with, and compares in constant time.
   * @param phc undefined where there is no account, or none with a password: the answer is `wrong` then
   * @throws Refusal `busy`
   */
  check(password: string, phc: string | undefined): Promise<PasswordCheck>
}

/** One for the process. @param bounds @param cost smaller in tests */
export function createPasswordHasher({
  bounds = BOUNDS,
  cost = COST,
}: { bounds?: QueueBounds; cost?: HashCost } = {}): PasswordHasher {
  const queue = createWorkQueue(bounds)
  /** Nobody's: no password is known to give these bytes. */
  const nobody: Parsed = { cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      const hash = await queue.run(() => deriveKey(password, salt, cost))
      const { memoryKib, passes, lanes } = cost
      return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`
    },
    async check(password, phc) {
      // A longer one is nobody's, and must not cost more than others.
      const isPossible = password.length <= 4 * LONGEST_PASSWORD
      const parsed = isPossible && phc !== undefined ? parse(phc) : undefined
      const against = parsed ?? nobody
      const tried = isPossible ? password : ''
      const derived = await queue.run(() => deriveKey(tried, against.salt, against.cost))
      const isRight = timingSafeEqual(derived, against.hash) && parsed !== undefined
      return isRight ? (isSameCost(parsed.cost, cost) ? 'right' : 'outdated') : 'wrong'
    },
  }
}

interface Parsed {
  cost: HashCost
  salt: Buffer
  hash: Buffer
}

/** @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
function parse(phc: string): Parsed | undefined {
  const [, memory, passes, lanes, salt = '', hash = ''] = PHC.exec(phc) ?? []
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  const isBounded =
    cost.lanes >= 1 &&
    cost.lanes <= MOST.lanes &&
    cost.passes >= 1 &&
    cost.passes <= MOST.passes &&
    cost.memoryKib >= 8 * cost.lanes &&
    cost.memoryKib <= MOST.memoryKib
  return isBounded ? { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') } : undefined
}

function deriveKey(password: string, nonce: Buffer, { memoryKib, passes, lanes }: HashCost): Promise<Buffer> {
  const message = foldPassword(password)
  return derive('argon2id', { message, nonce, parallelism: lanes, tagLength: HASH_BYTES, memory: memoryKib, passes })
}

function isSameCost(one: HashCost, other: HashCost): boolean {
  return one.memoryKib === other.memoryKib && one.passes === other.passes && one.lanes === other.lanes
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
