const SMALLEST = 1_024
const EMPTY = -1

/**
 * Where things are, by a hash of what they are found by: several may have one, and whoever asks compares. Numbers alone, outside
 * of the heap, with open addressing: the 100,000 entries of a Map are twice as large, and the garbage collector's to visit.
 */
export class PositionIndex {
  #hashes = new Int32Array(SMALLEST)
  /** Of the thing in each slot, or EMPTY. */
  #positions = new Float64Array(SMALLEST).fill(EMPTY)
  #count = 0

  /** @returns the first slot of a hash; -1 where there is none */
  first(hash: number): number {
    return this.#from(hash & (this.#hashes.length - 1), hash)
  }

  /** @returns the next slot of a hash; -1 where there is none */
  next(slot: number, hash: number): number {
    return this.#from(this.#after(slot), hash)
  }

  at(slot: number): number {
    return this.#positions[slot] ?? EMPTY
  }

  /** Puts a thing in another's place that has the same hash. */
  replace(slot: number, position: number): void {
    this.#positions[slot] = position
  }

  /**
   * @param hash 32 bits
   * @param position not negative
   */
  add(hash: number, position: number): void {
    if (this.#count * 3 >= this.#hashes.length * 2) this.#grow()
    this.#place(hash, position)
    this.#count += 1
  }

  /** Takes a thing out; one that is not there is none. */
  remove(hash: number, position: number): void {
    let slot = this.first(hash)
    while (slot !== -1 && this.#positions[slot] !== position) slot = this.next(slot, hash)
    if (slot === -1) return
    this.#count -= 1
    this.#close(slot)
  }

  clear(): void {
    this.#hashes = new Int32Array(SMALLEST)
    this.#positions = new Float64Array(SMALLEST).fill(EMPTY)
    this.#count = 0
  }

  #from(start: number, hash: number): number {
    for (let slot = start; this.#positions[slot] !== EMPTY; slot = this.#after(slot)) {
      if (this.#hashes[slot] === hash) return slot
    }
    return -1
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#hashes.length - 1)
  }

  #place(hash: number, position: number): void {
    let slot = hash & (this.#hashes.length - 1)
    while (this.#positions[slot] !== EMPTY) slot = this.#after(slot)
    this.#hashes[slot] = hash
    this.#positions[slot] = position
  }

  /** Moves what comes behind a gap into it, where it would not be found otherwise. */
  #close(gap: number): void {
    const mask = this.#hashes.length - 1
    let free = gap
    for (let slot = this.#after(gap); this.#positions[slot] !== EMPTY; slot = this.#after(slot)) {
      const home = (this.#hashes[slot] ?? 0) & mask
      if (((slot - home) & mask) < ((slot - free) & mask)) continue
      this.#hashes[free] = this.#hashes[slot] ?? 0
      this.#positions[free] = this.#positions[slot] ?? EMPTY
      free = slot
    }
    this.#positions[free] = EMPTY
  }

  #grow(): void {
    const [hashes, positions] = [this.#hashes, this.#positions]
    this.#hashes = new Int32Array(hashes.length * 2)
    this.#positions = new Float64Array(positions.length * 2).fill(EMPTY)
    positions.forEach((position, slot) => {
      if (position !== EMPTY) this.#place(hashes[slot] ?? 0, position)
    })
  }
}
