import { randomInt } from 'node:crypto'

import { PositionIndex } from './position-index.ts'
import { Records } from './records.ts'

/** How a grant is written into few bytes and read again. */
export interface GrantBytes<Grant> {
  /** @returns undefined for one that has to stay an object; else not empty */
  pack(grant: Grant): Buffer | undefined
  /** @param bytes has the grant from `start` to `end` */
  unpack(bytes: Buffer, start: number, end: number): Grant
}

/** What is kept. */
export interface Entry<Grant> {
  cookie: string
  /** What it is forgotten by. */
  id: string
  /** Where it counts. */
  place: number
  grant: Grant
  /** Milliseconds since 1970. */
  until: number
  /** What the grant takes in memory while it is an object, roughly. */
  bytes: number
}

/** Of all entries together. */
const MAX_BYTES = 128 * 1024 * 1024
/** Of one cookie at a time, which is not to push out what others have; what is above is asked about each time. */
const MAX_PLACES = 32
/** Ours have 43. */
const MAX_COOKIE_BYTES = 256

// A record: the one of the same cookie before it and its end as doubles, then words, then the cookie and the packed grant.
const [BEFORE, UNTIL] = [0, 1]
const [COOKIE_HASH, ID_HASH, PLACE, COOKIE_BYTES, GRANT_BYTES] = [4, 5, 6, 7, 8]
const HEAD_BYTES = 40
const NONE = -1
/** Few: what lives on while others come and go is moved about by the garbage collector. */
const RECENT = 16
/** In place of GRANT_BYTES. */
const AN_OBJECT = -1

/**
 * Grants by cookie and place, until their time. They end in about the order in which they came, and what has ended goes when another
 * comes: what they take follows how many use them.
 */
export class PassTable<Grant> {
  readonly #grants: GrantBytes<Grant>
  readonly #longestMs: number
  readonly #records = new Records()
  readonly #byCookie = new PositionIndex()
  readonly #byId = new PositionIndex()
  /** Those that no bytes say. */
  readonly #objects = new Map<number, { grant: Grant; bytes: number }>()
  /** A stranger who sends cookies learns nothing by where they collide. */
  readonly #seed = randomInt(2 ** 32)
  #bytes = 0
  /** Grants that were read lately, at a place that follows from their position: who opens a page asks for thirty things at once. */
  readonly #recentPositions = new Float64Array(RECENT).fill(NONE)
  readonly #recentGrants: (Grant | undefined)[] = Array.from({ length: RECENT })

  /** @param longestMs no entry is made for longer: one that seems to be comes from before a clock was set back */
  constructor(grants: GrantBytes<Grant>, longestMs: number) {
    this.#grants = grants
    this.#longestMs = longestMs
  }

  /** @returns the latest for this cookie and place, unless it is over */
  find(cookie: string, place: number, now: number): Grant | undefined {
    const slot = this.#slotOf(cookie)
    let position = slot === NONE ? NONE : this.#byCookie.at(slot)
    while (this.#records.has(position)) {
      const { doubles, words } = this.#records.segmentOf(position)
      const offset = Records.offsetOf(position)
      if (words[offset / 4 + PLACE] === place) {
        return this.#isOver(doubles[offset / 8 + UNTIL] ?? 0, now) ? undefined : this.#grantAt(position)
      }
      position = doubles[offset / 8 + BEFORE] ?? NONE
    }
    return undefined
  }

  /** Keeps one, unless it is over or known, or its cookie has too many others. */
  add(entry: Entry<Grant>, now: number): void {
    this.#dropWhile((end) => this.#isOver(end, now))
    const { cookie, id, place, grant, until } = entry
    if (this.#isOver(until, now) || cookie.length > MAX_COOKIE_BYTES) return
    const slot = this.#slotOf(cookie)
    const latest = slot === NONE ? NONE : this.#byCookie.at(slot)
    const { first, count, isKnown } = this.#others(latest, entry, now)
    if (isKnown || count >= MAX_PLACES) return
    const packed = this.#grants.pack(grant)
    const length = HEAD_BYTES + cookie.length + (packed?.length ?? 0)
    if (length > Records.MAX_BYTES) return
    const position = this.#records.append(length)
    const { bytes, doubles, words } = this.#records.segmentOf(position)
    const offset = Records.offsetOf(position)
    const [cookieHash, idHash] = [this.#hash(cookie), this.#hash(id)]
    doubles[offset / 8 + BEFORE] = first
    doubles[offset / 8 + UNTIL] = until
    words[offset / 4 + COOKIE_HASH] = cookieHash
    words[offset / 4 + ID_HASH] = idHash
    words[offset / 4 + PLACE] = place
    words[offset / 4 + COOKIE_BYTES] = cookie.length
    words[offset / 4 + GRANT_BYTES] = packed?.length ?? AN_OBJECT
    bytes.write(cookie, offset + HEAD_BYTES, 'latin1')
    packed?.copy(bytes, offset + HEAD_BYTES + cookie.length)
    if (!packed) this.#objects.set(position, { grant, bytes: entry.bytes })
    this.#bytes += length + (packed ? 0 : entry.bytes)
    if (slot === NONE) this.#byCookie.add(cookieHash, position)
    else this.#byCookie.replace(slot, position)
    this.#byId.remove(idHash, latest)
    this.#byId.add(idHash, position)
    this.#dropWhile(() => this.#bytes > MAX_BYTES)
  }

  /** Ends all of an id; somebody else whose id has the same hash is asked about again. */
  forget(id: string): void {
    const hash = this.#hash(id)
    for (let slot = this.#byId.first(hash); slot !== NONE; slot = this.#byId.next(slot, hash)) {
      let position = this.#byId.at(slot)
      while (this.#records.has(position)) {
        const { doubles } = this.#records.segmentOf(position)
        const offset = Records.offsetOf(position)
        doubles[offset / 8 + UNTIL] = 0
        position = doubles[offset / 8 + BEFORE] ?? NONE
      }
    }
  }

  clear(): void {
    this.#records.clear()
    this.#byCookie.clear()
    this.#byId.clear()
    this.#objects.clear()
    this.#recentPositions.fill(NONE)
    this.#recentGrants.fill(undefined)
    this.#bytes = 0
  }

  /** @returns where the cookie's latest entry stands in the index */
  #slotOf(cookie: string): number {
    if (cookie.length > MAX_COOKIE_BYTES) return NONE
    const hash = this.#hash(cookie)
    let slot = this.#byCookie.first(hash)
    while (slot !== NONE && !this.#isOf(this.#byCookie.at(slot), cookie)) slot = this.#byCookie.next(slot, hash)
    return slot
  }

  /** Compares in a time that does not say where they differ. */
  #isOf(position: number, cookie: string): boolean {
    const { bytes, words } = this.#records.segmentOf(position)
    const offset = Records.offsetOf(position)
    if (words[offset / 4 + COOKIE_BYTES] !== cookie.length) return false
    let difference = 0
    for (let index = 0; index < cookie.length; index += 1) {
      difference |= cookie.charCodeAt(index) ^ (bytes[offset + HEAD_BYTES + index] ?? 0)
    }
    return difference === 0
  }

  #grantAt(position: number): Grant | undefined {
    const { bytes, words } = this.#records.segmentOf(position)
    const offset = Records.offsetOf(position)
    const start = offset + HEAD_BYTES + (words[offset / 4 + COOKIE_BYTES] ?? 0)
    const length = words[offset / 4 + GRANT_BYTES] ?? 0
    if (length === AN_OBJECT) return this.#objects.get(position)?.grant
    // Positions are multiples of eight.
    const recent = (position / 8) % RECENT
    if (this.#recentPositions[recent] !== position) {
      this.#recentPositions[recent] = position
      this.#recentGrants[recent] = this.#grants.unpack(bytes, start, start + length)
    }
    return this.#recentGrants[recent]
  }

  /**
   * Takes out of a cookie's chain what is over, and what another takes the place of.
   * @returns the first that is left, how many are, and whether what would be added is there already: requests come together
   */
  #others(latest: number, { place, until }: Entry<Grant>, now: number) {
    let [first, last, count] = [NONE, NONE, 0]
    for (let position = latest; this.#records.has(position);) {
      const { doubles, words } = this.#records.segmentOf(position)
      const offset = Records.offsetOf(position)
      const end = doubles[offset / 8 + UNTIL] ?? 0
      const isSame = words[offset / 4 + PLACE] === place
      if (isSame && end === until) return { first, count, isKnown: true }
      if (isSame || this.#isOver(end, now)) {
        this.#release(position)
      } else {
        if (last === NONE) first = position
        else this.#link(last, position)
        last = position
        count += 1
      }
      position = doubles[offset / 8 + BEFORE] ?? NONE
    }
    if (last !== NONE) this.#link(last, NONE)
    return { first, count, isKnown: false }
  }

  #isOver(until: number, now: number): boolean {
    return until <= now || until > now + this.#longestMs
  }

  /** Lets an object go whose record nobody finds any more. */
  #release(position: number): void {
    this.#bytes -= this.#objects.get(position)?.bytes ?? 0
    this.#objects.delete(position)
  }

  #link(position: number, before: number): void {
    this.#records.segmentOf(position).doubles[Records.offsetOf(position) / 8 + BEFORE] = before
  }

  #dropWhile(isOver: (until: number) => boolean): void {
    for (let oldest = this.#records.oldest; oldest !== undefined; oldest = this.#records.oldest) {
      const { doubles, words } = this.#records.segmentOf(oldest)
      const offset = Records.offsetOf(oldest)
      if (!isOver(doubles[offset / 8 + UNTIL] ?? 0)) return
      this.#byCookie.remove(words[offset / 4 + COOKIE_HASH] ?? 0, oldest)
      this.#byId.remove(words[offset / 4 + ID_HASH] ?? 0, oldest)
      const grantBytes = Math.max(0, words[offset / 4 + GRANT_BYTES] ?? 0)
      const length = HEAD_BYTES + (words[offset / 4 + COOKIE_BYTES] ?? 0) + grantBytes
      this.#bytes -= length
      this.#release(oldest)
      this.#records.dropOldest(length)
    }
  }

  #hash(text: string): number {
    let hash = this.#seed
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    return hash ^ (hash >>> 16)
  }
}
